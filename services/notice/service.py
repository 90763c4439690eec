"""Notice's routes, and the events it follows."""

from datetime import datetime
from typing import Any

from services.notice import schemas
from services.notice.commands.change_summons import ChangeSummons
from services.notice.commands.deliver_summons import DeliverSummons
from services.notice.commands.read_summons import ReadSummons
from services.notice.commands.reopen_summons import ReopenSummons
from services.notice.commands.withdraw_summons import WithdrawSummons
from services.notice.store import queries
from services.notice.wiring import WIRING
from shared.contracts.dispatch import CaseDispatchedV1, CaseReopenedV1, DispatchWithdrawnV1, SummonsChangedV1
from shared.messaging.follow import follow
from shared.service import Room
from shared.web.endpoint import command, query
from shared.web.request import Request


class NoticeService:
    """Each department's inbox: summonses delivered and read 通知"""

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
