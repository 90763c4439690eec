"""Supervision's routes, and the events it follows: every event about a case."""

from datetime import datetime
from typing import Any, TypeVar

from services.supervision import schemas
from services.supervision.commands.follow_event import FollowEvent
from services.supervision.domain.figures import month_of
from services.supervision.store import queries
from services.supervision.wiring import WIRING
from shared.contracts.registry import all_events
from shared.messaging.follow import follow
from shared.messaging.topology import FOLLOWS
from shared.runtime import clock
from shared.service import Room
from shared.web.endpoint import query
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.schemas import PageQuery
from shared.web.sheet import CSV, XLSX, Cell, offered

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

    # --- lists, history, figures

    @query("GET", "/cases", query=schemas.CasesQuery, answer=schemas.CasePageView, operation="supervision.list_cases")
    def list_cases(self, request: Request) -> dict[str, Any]:
        """List cases with their open limits, the newest first 案件列表

        With `overdue=true` those come first that have been overdue longest.
        """
        with self.room.read() as connection:
            return queries.list_cases(connection, request.actor, **request.query)

    @query(
        "GET",
        "/cases/<uuid:case_id>/history",
        query=PageQuery,
        answer=schemas.HistoryView,
        operation="supervision.show_history",
    )
    def show_history(self, request: Request) -> dict[str, Any]:
        """Show all that every service announced about a case 案件全过程"""
        with self.room.read() as connection:
            return queries.show_history(connection, request.actor, request.path["case_id"], **request.query)

    @query("GET", "/overview", answer=schemas.OverviewView, operation="supervision.show_overview")
    def show_overview(self, request: Request) -> dict[str, Any]:
        """Show the supervisor's page: states, what is overdue, what waits, this month 督办总览"""
        with self.room.read() as connection:
            return queries.show_overview(connection, request.actor, clock.now())

    @query(
        "GET",
        "/measures",
        query=schemas.MeasuresQuery,
        answer=schemas.MeasuresView,
        operation="supervision.show_measures",
    )
    def show_measures(self, request: Request) -> dict[str, Any]:
        """Show the measures of some months, each with numerator and denominator 指标"""
        return self._measures(request, "supervision.show_measures")

    @query(
        "GET",
        "/measures.csv",
        query=schemas.MeasuresQuery,
        produces=(CSV,),
        operation="supervision.export_measures",
    )
    def export_measures_as_csv(self, request: Request) -> Reply:
        """Save the measures of some months as CSV 导出指标"""
        return offered(self._sheet(request), CSV, "measures.csv")

    @query(
        "GET",
        "/measures.xlsx",
        query=schemas.MeasuresQuery,
        produces=(XLSX,),
        operation="supervision.export_measures",
    )
    def export_measures_as_xlsx(self, request: Request) -> Reply:
        """Save the measures of some months as a spreadsheet 导出指标"""
        return offered(self._sheet(request), XLSX, "measures.xlsx")

    @query(
        "GET",
        "/rankings",
        query=schemas.RankingQuery,
        answer=schemas.RankingView,
        operation="supervision.show_ranking",
    )
    def show_ranking(self, request: Request) -> dict[str, Any]:
        """Rank departments or communities by their weighted measures of a month 月度排名"""
        month = request.query.get("month") or month_of(clock.now())
        with self.room.read() as connection:
            return queries.show_ranking(connection, request.actor, month, request.query["table"])

    def _measures(self, request: Request, operation: str) -> dict[str, Any]:
        said, present = request.query, month_of(clock.now())
        last = said.get("last") or max(said.get("first", ""), present)
        first = said.get("first") or min(last, present)
        with self.room.read() as connection:
            return queries.show_measures(connection, request.actor, operation, first, last, said["by"])

    def _sheet(self, request: Request) -> list[list[Cell]]:
        found = self._measures(request, "supervision.export_measures")
        return schemas.sheet_of(found, request.actor.id, clock.now())
