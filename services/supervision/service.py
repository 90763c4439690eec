"""Supervision's routes, and the events it follows: every event about a case."""

from datetime import datetime
from typing import Any, TypeVar

from services.supervision import schemas
from services.supervision.commands.accept_order import AcceptOrder
from services.supervision.commands.answer_order import AnswerOrder
from services.supervision.commands.conclude_refusal import ConcludeRefusal, Demand
from services.supervision.commands.follow_event import FollowEvent
from services.supervision.commands.investigate_refusal import InvestigateRefusal
from services.supervision.commands.issue_order import IssueOrder
from services.supervision.commands.reject_order import RejectOrder
from services.supervision.commands.report_refusal import ReportRefusal
from services.supervision.commands.urge_departments import UrgeDepartments
from services.supervision.domain.figures import month_of
from services.supervision.store import queries
from services.supervision.wiring import WIRING
from shared.contracts.registry import all_events
from shared.messaging.follow import follow
from shared.messaging.topology import FOLLOWS
from shared.parked import ParkedRoutes
from shared.runtime import clock
from shared.runtime.outlet import Outlet
from shared.service import Room
from shared.web.endpoint import command, query
from shared.web.ops import LIVE
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.schemas import PageQuery
from shared.web.sheet import CSV, XLSX, Cell, offered
from shared.web.stream import Listener, stream

Method = TypeVar("Method", bound=Any)

CASE, ORDER, REFUSAL = "/cases/<uuid:case_id>", "/orders/<uuid:order_id>", "/refusals/<uuid:refusal_id>"


def follow_cases(method: Method) -> Method:
    """Follow whatever the publishers announce about a case: a case's history leaves nothing out."""
    for event in all_events().values():
        if event.publisher in FOLLOWS[WIRING.name] and hasattr(event, "case_id"):
            method = follow(event)(method)
    return method


class SupervisionService(ParkedRoutes):
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

    # --- what happens now

    @stream(LIVE, "application/x-ndjson")
    def live(self, _listener: Listener) -> Outlet:
        """Every case that is changed, as it is committed: for the gateway, which tells whoever may see it."""
        return self.room.live.open()

    @query("POST", f"{CASE}/looking", operation="supervision.look_at_case")
    def look_at_case(self, request: Request) -> None:
        """Tell others who have this case open that I look at it as well 正在查看

        Nothing is kept: a page says so again and again while it shows the case.
        """
        with self.room.read() as connection:
            queries.look_at_case(connection, request.actor, request.path["case_id"], clock.now())

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

    # --- orders, refusals, what waits for a ruling

    @command("POST", f"{CASE}/urgings", body=schemas.UrgingBody, answer=schemas.UrgingsView, status=201)
    def urge_departments(self, request: Request) -> UrgeDepartments:
        """Urge one department, or all that still have something to do 催办

        Told to its officers and head; at most once about an assignment within a working hour.
        """
        body = request.body
        return UrgeDepartments(request.path["case_id"], body["text"], body["assignment_id"], request.actor)

    @command("POST", f"{CASE}/orders", body=schemas.OrderBody, answer=schemas.OrderView, status=201)
    def issue_order(self, request: Request) -> IssueOrder:
        """Order a department to reply by a time 督办

        The case is supervised until the reply is there. About the whole case the lead replies.
        """
        body = request.body
        return IssueOrder(request.path["case_id"], body["text"], body["assignment_id"], body["reply_by"], request.actor)

    @query(
        "GET", "/orders", query=schemas.OrdersQuery, answer=schemas.OrderPageView, operation="supervision.list_orders"
    )
    def list_orders(self, request: Request) -> dict[str, Any]:
        """List the urgings and orders of my area or department, open ones first 催办督办列表"""
        with self.room.read() as connection:
            return queries.list_orders(connection, request.actor, **request.query)

    @command("POST", f"{ORDER}/answers", body=schemas.AnswerBody, answer=schemas.OrderView, status=201)
    def answer_order(self, request: Request) -> AnswerOrder:
        """Reply to an order 督办回复"""
        return AnswerOrder(request.path["order_id"], request.body["text"], request.actor, request.version)

    @command("POST", f"{ORDER}/acceptance", answer=schemas.OrderView)
    def accept_order(self, request: Request) -> AcceptOrder:
        """Accept a reply 认可回复

        By the level that ordered.
        """
        return AcceptOrder(request.path["order_id"], request.actor, request.version)

    @command("POST", f"{ORDER}/rejection", body=schemas.RejectionBody, answer=schemas.OrderView)
    def reject_order(self, request: Request) -> RejectOrder:
        """Send a reply back: another is due by a new time 退回回复

        By the level that ordered.
        """
        body = request.body
        return RejectOrder(request.path["order_id"], body["reason"], body["reply_by"], request.actor, request.version)

    @query("GET", "/rulings", query=PageQuery, answer=schemas.RulingPageView, operation="supervision.list_rulings")
    def list_rulings(self, request: Request) -> dict[str, Any]:
        """List what waits for my ruling, the oldest due first 待裁定事项

        Disputes, extensions (the first for the street, the second for the district) and suspensions; each row names
        the operations of dispatch that rule on it.
        """
        with self.room.read() as connection:
            return queries.list_rulings(connection, request.actor, **request.query)

    @command(
        "POST",
        f"{CASE}/assignments/<uuid:assignment_id>/refusals",
        body=schemas.RefusalBody,
        answer=schemas.RefusalView,
        status=201,
    )
    def report_refusal(self, request: Request) -> ReportRefusal:
        """Report a department that does not come to the district 上报拒不报到

        When its limit to report in has passed, or an urging had no effect.
        """
        path, body = request.path, request.body
        return ReportRefusal(path["case_id"], path["assignment_id"], body["reason"], body["tried"], request.actor)

    @query("GET", "/refusals", query=PageQuery, answer=schemas.RefusalPageView, operation="supervision.list_refusals")
    def list_refusals(self, request: Request) -> dict[str, Any]:
        """List the departments that did not come, open ones first 拒不报到列表"""
        with self.room.read() as connection:
            return queries.list_refusals(connection, request.actor, **request.query)

    @command("POST", f"{REFUSAL}/investigation", answer=schemas.RefusalView)
    def investigate_refusal(self, request: Request) -> InvestigateRefusal:
        """Take a refusal up 受理调查

        To be concluded within three working days, unless a policy says otherwise.
        """
        return InvestigateRefusal(request.path["refusal_id"], request.actor, request.version)

    @command("POST", f"{REFUSAL}/conclusion", body=schemas.ConclusionBody, answer=schemas.RefusalView)
    def conclude_refusal(self, request: Request) -> ConcludeRefusal:
        """Say what was found, what it costs, and perhaps order the department to come 作出认定

        Who had a reason loses no points and gets no order.
        """
        body, said = request.body, request.body["order"]
        demand = Demand(said["text"], said["reply_by"]) if said else None
        return ConcludeRefusal(
            request.path["refusal_id"],
            body["justified"],
            body["points"],
            body["finding"],
            demand,
            request.actor,
            request.version,
        )

    def _measures(self, request: Request, operation: str) -> dict[str, Any]:
        said, present = request.query, month_of(clock.now())
        last = said.get("last") or max(said.get("first", ""), present)
        first = said.get("first") or min(last, present)
        with self.room.read() as connection:
            return queries.show_measures(connection, request.actor, operation, first, last, said["by"])

    def _sheet(self, request: Request) -> list[list[Cell]]:
        found = self._measures(request, "supervision.export_measures")
        return schemas.sheet_of(found, request.actor.id, clock.now())
