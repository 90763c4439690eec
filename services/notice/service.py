"""Notice's routes, and the events it follows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from services.notice import schemas
from services.notice.channels.webhook import new_secret
from services.notice.commands.change_preferences import ChangePreferences
from services.notice.commands.change_summons import ChangeSummons
from services.notice.commands.deliver_summons import DeliverSummons
from services.notice.commands.read_notification import ReadNotification
from services.notice.commands.read_summons import ReadSummons
from services.notice.commands.reopen_summons import ReopenSummons
from services.notice.commands.tell_staff import TellStaff
from services.notice.commands.withdraw_summons import WithdrawSummons
from services.notice.domain.facts import TOLD
from services.notice.domain.preference import Channel, Kind
from services.notice.store import queries
from services.notice.wiring import WIRING
from shared.contracts.dispatch import CaseDispatchedV1, CaseReopenedV1, DispatchWithdrawnV1, SummonsChangedV1
from shared.messaging.follow import follow
from shared.parked import ParkedRoutes
from shared.service import Room
from shared.web.endpoint import command, query
from shared.web.request import Request

Method = TypeVar("Method", bound=Any)


def follow_supervision(method: Method) -> Method:
    """Follow whatever names who must be told."""
    for event in TOLD:
        method = follow(event)(method)
    return method


class NoticeService(ParkedRoutes):
    """Each department's inbox, and what each person is told, by the channels that they chose 通知"""

    name = "notice"
    room = Room(WIRING)

    @query("GET", "/summonses", query=schemas.InboxQuery, answer=schemas.InboxPageView, operation="notice.list_summons")
    def list_summons(self, request: Request) -> dict[str, Any]:
        """List my department's summonses, the unread first 收件箱"""
        with self.room.read() as connection:
            return queries.list_summons(connection, request.actor, **request.query)

    @command("POST", "/summonses/<uuid:assignment_id>/readings", answer=schemas.SummonsView)
    def read_summons(self, request: Request) -> ReadSummons:
        """Open a summons 阅读

        The first reading is noted and announced; a later one changes nothing.
        """
        return ReadSummons(request.path["assignment_id"], request.actor)

    @query(
        "GET",
        "/notifications",
        query=schemas.NotificationsQuery,
        answer=schemas.NotificationPageView,
        operation="notice.list_notifications",
    )
    def list_notifications(self, request: Request) -> dict[str, Any]:
        """List what I was told, the unread first 我的通知"""
        with self.room.read() as connection:
            return queries.list_notifications(connection, request.actor, **request.query)

    @command("POST", "/notifications/<uuid:notification_id>/readings", answer=schemas.NotificationView)
    def read_notification(self, request: Request) -> ReadNotification:
        """Open a notification 阅读通知

        The first reading is noted; a later one changes nothing.
        """
        return ReadNotification(request.path["notification_id"], request.actor)

    @query("GET", "/preferences", answer=schemas.PreferencesView, operation="notice.show_preferences")
    def show_preferences(self, request: Request) -> object:
        """Show by which channels I am told of what 通知偏好"""
        with self.room.read() as connection:
            return queries.show_preferences(connection, request.actor)

    @command("PUT", "/preferences", body=schemas.PreferencesBody, answer=schemas.ChosenView)
    def change_preferences(self, request: Request) -> ChangePreferences:
        """Choose by which channels I am told of what 设置通知偏好

        The whole choice in place of the old one; what is not named comes into the list alone. A new webhook's key is
        in this answer and nowhere else. A channel keeps its key for as long as its name and address stay.
        """
        body = request.body
        return ChangePreferences(
            language=body["language"],
            channels=tuple(_channel(one) for one in body["channels"]),
            chosen={template: tuple(names) for template, names in body["chosen"].items()},
            actor=request.actor,
            version=request.version,
            private=self.room.settings.notice_private,
            mail=bool(self.room.settings.notice_mail),
        )

    @follow_supervision
    def announced(self, event: Any, _at: datetime) -> TellStaff:
        """Supervision named who must be told."""
        return TellStaff(event)

    @follow(CaseDispatchedV1)
    def dispatched(self, event: CaseDispatchedV1, _at: datetime) -> DeliverSummons:
        """A whistle created all its assignments."""
        return DeliverSummons(event)

    @follow(SummonsChangedV1)
    def changed(self, event: SummonsChangedV1, _at: datetime) -> ChangeSummons:
        """Who is summoned has changed."""
        return ChangeSummons(event)

    @follow(CaseReopenedV1)
    def reopened(self, event: CaseReopenedV1, _at: datetime) -> ReopenSummons:
        """Some assignments are open again."""
        return ReopenSummons(event)

    @follow(DispatchWithdrawnV1)
    def withdrawn(self, event: DispatchWithdrawnV1, _at: datetime) -> WithdrawSummons:
        """Nobody has to come any more."""
        return WithdrawSummons(event)


def _channel(said: Mapping[str, str]) -> Channel:
    kind = Kind(said["kind"])
    return Channel(said["name"], kind, said["address"], new_secret() if kind is Kind.WEBHOOK else "")
