"""Supervision's routes, and the events it follows: every event about a case."""

from datetime import datetime
from typing import Any, TypeVar

from services.supervision import schemas
from services.supervision.commands.follow_event import FollowEvent
from services.supervision.store import queries
from services.supervision.wiring import WIRING
from shared.contracts.registry import all_events
from shared.messaging.follow import follow
from shared.messaging.topology import FOLLOWS
from shared.service import Room
from shared.web.endpoint import query
from shared.web.request import Request

Method = TypeVar("Method", bound=Any)


def follow_cases(method: Method) -> Method:
    """Follow whatever the publishers announce about a case: a case's history leaves nothing out."""
    for event in all_events().values():
        if event.publisher in FOLLOWS[WIRING.name] and hasattr(event, "case_id"):
            method = follow(event)(method)
    return method


class SupervisionService:
    """Every clock counted: what is due, overdue and ordered, and where each case stands 督办"""

    name = "supervision"
    room = Room(WIRING)

    @follow_cases
    def heard(self, event: Any, at: datetime) -> FollowEvent:
        """Somebody announced something about a case."""
        return FollowEvent(event, at)

    @query("GET", "/cases/<uuid:case_id>", answer=schemas.CaseView, operation="supervision.show_case")
    def show_case(self, request: Request) -> dict[str, Any]:
        """Show a case with its clocks 案件与时限"""
        with self.room.read() as connection:
            return queries.show_case(connection, request.actor, request.path["case_id"])
