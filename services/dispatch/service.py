"""The routes of dispatch, and which event becomes which command."""

from datetime import datetime

from services.dispatch import schemas
from services.dispatch.commands.accept_assignments import AcceptAssignments
from services.dispatch.commands.add_support import AddSupport
from services.dispatch.commands.confirm_delivery import ConfirmDelivery
from services.dispatch.commands.correct_dispatch import CorrectDispatch
from services.dispatch.commands.deem_signed import DeemSigned
from services.dispatch.commands.dispatch_case import DispatchCase
from services.dispatch.commands.dispute_assignment import DisputeAssignment
from services.dispatch.commands.excuse_support import ExcuseSupport
from services.dispatch.commands.feed_back import FeedBack
from services.dispatch.commands.grant_first_extension import GrantFirstExtension
from services.dispatch.commands.grant_second_extension import GrantSecondExtension
from services.dispatch.commands.note_overdue import NoteOverdue
from services.dispatch.commands.refuse_extension import RefuseExtension
from services.dispatch.commands.release_assignment import ReleaseAssignment
from services.dispatch.commands.reopen_assignments import ReopenAssignments
from services.dispatch.commands.report_in import ReportIn
from services.dispatch.commands.report_progress import ReportProgress
from services.dispatch.commands.request_extension import RequestExtension
from services.dispatch.commands.reroute_assignment import RerouteAssignment
from services.dispatch.commands.resume_case import ResumeCase
from services.dispatch.commands.sign_assignment import SignAssignment
from services.dispatch.commands.start_work import StartWork
from services.dispatch.commands.suspend_case import SuspendCase
from services.dispatch.commands.uphold_assignment import UpholdAssignment
from services.dispatch.commands.withdraw_case import WithdrawCase
from services.dispatch.store import queries
from services.dispatch.wiring import WIRING
from shared.contracts.closure import (
    CaseClosedV1,
    CaseUnresolvedV1,
    ClosureWithdrawnV1,
    VerificationFailedV1,
    VerificationPassedV1,
)
from shared.contracts.intake import CaseWhistledV1, WithdrawalRequestedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.contracts.supervision import BreachWithdrawnV1, ClockFacts, ClockOverdueV1, SigningLapsedV1
from shared.messaging.subscription import follow
from shared.parked import ParkedRoutes
from shared.service import Room
from shared.web import problem
from shared.web.endpoint import command, query
from shared.web.request import Request
from shared.web.schemas import PageQuery

CASE, ASSIGNMENT = "/cases/<uuid:case_id>", "/assignments/<uuid:assignment_id>"


class DispatchService(ParkedRoutes):
    """Who is summoned, and each step of each department until the matter is settled 派遣"""

    name = "dispatch"
    room = Room(WIRING)

    @follow(CaseWhistledV1)
    def whistled(self, event: CaseWhistledV1, _at: datetime) -> DispatchCase:
        return DispatchCase(event)

    @follow(WithdrawalRequestedV1)
    def withdrawal_requested(self, event: WithdrawalRequestedV1, _at: datetime) -> WithdrawCase | None:
        if event.self_handled:
            return None
        return WithdrawCase(
            case_id=event.case_id,
            request_id=event.request_id,
            into=event.into,
            reason=event.reason,
            by=event.requested_by,
            at=event.requested_at,
            accepted=False,
        )

    @follow(ClosureWithdrawnV1)
    def closure_withdrew(self, event: ClosureWithdrawnV1, _at: datetime) -> WithdrawCase:
        return WithdrawCase(
            case_id=event.case_id,
            request_id=event.request_id,
            into=event.into,
            reason=event.reason,
            by=event.withdrawn_by,
            at=event.withdrawn_at,
            accepted=True,
        )

    @follow(SummonsDeliveredV1)
    def delivered(self, event: SummonsDeliveredV1, _at: datetime) -> ConfirmDelivery:
        return ConfirmDelivery(event)

    @follow(VerificationPassedV1)
    def verified(self, event: VerificationPassedV1, _at: datetime) -> AcceptAssignments:
        return AcceptAssignments(event.case_id, closed=False)

    @follow(CaseClosedV1)
    def closed(self, event: CaseClosedV1, _at: datetime) -> AcceptAssignments:
        return AcceptAssignments(event.case_id, closed=True)

    @follow(VerificationFailedV1)
    def verification_failed(self, event: VerificationFailedV1, _at: datetime) -> ReopenAssignments:
        return ReopenAssignments(event.case_id, event.failed, event.reason, event.verified_at)

    @follow(CaseUnresolvedV1)
    def unresolved(self, event: CaseUnresolvedV1, _at: datetime) -> ReopenAssignments:
        return ReopenAssignments(event.case_id, event.failed, event.reason, event.decided_at)

    @follow(SigningLapsedV1)
    def signing_lapsed(self, event: SigningLapsedV1, _at: datetime) -> DeemSigned:
        return DeemSigned(event.assignment_id, event.lapsed_at)

    @follow(ClockOverdueV1)
    def overdue(self, event: ClockOverdueV1, _at: datetime) -> NoteOverdue | None:
        return _noted(event.clock, event.overdue_at)

    @follow(BreachWithdrawnV1)
    def breach_withdrawn(self, event: BreachWithdrawnV1, _at: datetime) -> NoteOverdue | None:
        return _noted(event.clock, None)

    @command("POST", f"{CASE}/summons", body=schemas.SummonsBody, answer=schemas.CaseView)
    def correct_dispatch(self, request: Request) -> CorrectDispatch:
        """Name who is summoned 派遣、改正派遣

        Where the responsibility table names nobody, or in place of what it named, until the first department reports
        in. Exactly one lead 主办; a community leads only what is on its list.
        """
        body = request.body
        return CorrectDispatch(
            request.path["case_id"],
            body["lead"],
            tuple(body["supports"]),
            body["reason"],
            request.actor,
            request.version,
        )

    @command("POST", f"{CASE}/supports", body=schemas.DepartmentBody, answer=schemas.AssignmentView, status=201)
    def add_support(self, request: Request) -> AddSupport:
        """Add a support, also while the case is in progress 增派协办"""
        body = request.body
        return AddSupport(request.path["case_id"], body["department"], body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/suspension", body=schemas.SuspensionBody, answer=schemas.CaseView)
    def suspend_case(self, request: Request) -> SuspendCase:
        """Suspend a case 挂账

        The clocks stand still; to be reviewed within 30 days.
        """
        body = request.body
        return SuspendCase(request.path["case_id"], body["reason"], body["review_by"], request.actor, request.version)

    @command("POST", f"{CASE}/resumption", body=schemas.ReasonBody, answer=schemas.CaseView)
    def resume_case(self, request: Request) -> ResumeCase:
        """Let a suspended case go on 恢复"""
        return ResumeCase(request.path["case_id"], request.body["reason"], request.actor, request.version)

    @query(
        "GET", "/forecast", query=schemas.ForecastQuery, answer=schemas.ForecastView, operation="dispatch.show_forecast"
    )
    def show_forecast(self, request: Request) -> object:
        """Tell whom a whistle would summon before it is blown 预判派单对象

        By the rule by which it is dispatched. Nobody, and the reason, where a dispatcher would have to decide.
        """
        with self.room.read() as connection:
            found = queries.forecast(connection, queries.Question(**request.query))
        explanation = problem.detail_of(found.refusal, request.language) if found.refusal else ""
        return {**found._asdict(), "reason": found.reason, "explanation": explanation}

    @query("GET", "/cases", query=schemas.CasesQuery, answer=schemas.CasePageView, operation="dispatch.list_cases")
    def list_cases(self, request: Request) -> object:
        """List the cases of my area, or in which my department takes part 案件列表"""
        with self.room.read() as connection:
            return queries.list_cases(connection, request.actor, **request.query)

    @query("GET", CASE, answer=schemas.WholeCaseView, operation="dispatch.show_case")
    def show_case(self, request: Request) -> object:
        """Show a case and who was summoned 案件详情"""
        with self.room.read() as connection:
            return queries.show_case(connection, request.actor, request.path["case_id"])

    @query(
        "GET",
        "/assignments",
        query=schemas.AssignmentsQuery,
        answer=schemas.AssignmentPageView,
        operation="dispatch.list_assignments",
    )
    def list_assignments(self, request: Request) -> object:
        """List the assignments of my area or department 任务列表"""
        with self.room.read() as connection:
            return queries.list_assignments(connection, request.actor, **request.query)

    @query(
        "GET",
        "/undelivered",
        query=PageQuery,
        answer=schemas.AssignmentPageView,
        operation="dispatch.list_undelivered",
    )
    def list_undelivered(self, request: Request) -> object:
        """List summonses that are not known to lie in their inboxes 未送达任务

        They are announced again by themselves; what stays here needs somebody to look.
        """
        with self.room.read() as connection:
            return queries.list_undelivered(connection, request.actor, **request.query)

    @query("GET", ASSIGNMENT, answer=schemas.AssignmentOfCaseView, operation="dispatch.show_assignment")
    def show_assignment(self, request: Request) -> object:
        """Show an assignment with the facts of its case 任务详情"""
        with self.room.read() as connection:
            return queries.show_assignment(connection, request.actor, request.path["assignment_id"])

    @command("POST", f"{ASSIGNMENT}/signature", answer=schemas.AssignmentView)
    def sign_assignment(self, request: Request) -> SignAssignment:
        """Sign for an assignment 签收"""
        return SignAssignment(request.path["assignment_id"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/report", body=schemas.ReportBody, answer=schemas.AssignmentView)
    def report_in(self, request: Request) -> ReportIn:
        """Report in on site 报到

        A report from further than 300 m from the case is flagged, not refused.
        """
        body = request.body
        return ReportIn(
            request.path["assignment_id"],
            body.get("longitude"),
            body.get("latitude"),
            body.get("address", ""),
            request.actor,
            request.version,
        )

    @command("POST", f"{ASSIGNMENT}/start", answer=schemas.AssignmentView)
    def start_work(self, request: Request) -> StartWork:
        """Start work, or take it up again after rework 开始处置"""
        return StartWork(request.path["assignment_id"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/progress", body=schemas.ProgressBody, answer=schemas.AssignmentView)
    def report_progress(self, request: Request) -> ReportProgress:
        """Say how far it has come 阶段反馈

        The first one stops the clock for the first feedback.
        """
        return ReportProgress(request.path["assignment_id"], request.body["text"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/feedback", body=schemas.FeedbackBody, answer=schemas.AssignmentView)
    def feed_back(self, request: Request) -> FeedBack:
        """Feed back what was done 反馈

        The lead's waits for every support's feedback or stated absence; the problem names the missing departments.
        """
        return FeedBack(request.path["assignment_id"], request.body["measures"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/excuse", body=schemas.ReasonBody, answer=schemas.AssignmentView)
    def excuse_support(self, request: Request) -> ExcuseSupport:
        """State the absence of a support 缺席说明"""
        return ExcuseSupport(request.path["assignment_id"], request.body["reason"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/release", answer=schemas.AssignmentView)
    def release_assignment(self, request: Request) -> ReleaseAssignment:
        """Let a department leave the site 准予撤离

        Only the street lets it: 事不绝、人不撤.
        """
        return ReleaseAssignment(request.path["assignment_id"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/dispute", body=schemas.DisputeBody, answer=schemas.AssignmentView)
    def dispute_assignment(self, request: Request) -> DisputeAssignment:
        """Dispute an assignment 提出异议

        Once, before signing; silence past the signing limit counts as signed.
        """
        return DisputeAssignment(
            request.path["assignment_id"], request.body["legal_basis"], request.actor, request.version
        )

    @command("POST", f"{ASSIGNMENT}/dispute/dismissal", body=schemas.ReasonBody, answer=schemas.AssignmentView)
    def uphold_assignment(self, request: Request) -> UpholdAssignment:
        """Dismiss a dispute: the department stays summoned 维持"""
        return UpholdAssignment(request.path["assignment_id"], request.body["reason"], request.actor, request.version)

    @command("POST", f"{ASSIGNMENT}/dispute/rerouting", body=schemas.DepartmentBody, answer=schemas.AssignmentView)
    def reroute_assignment(self, request: Request) -> RerouteAssignment:
        """Re-route a disputed assignment to another department 改派

        Answers the ended assignment; the new one is in the case's summons.
        """
        body = request.body
        return RerouteAssignment(
            request.path["assignment_id"], body["department"], body["reason"], request.actor, request.version
        )

    @command("POST", f"{ASSIGNMENT}/extensions", body=schemas.ExtensionBody, answer=schemas.AssignmentView)
    def request_extension(self, request: Request) -> RequestExtension:
        """Ask for more time 申请延期

        Before the limit passes; at most half of the original limit; no third.
        """
        body = request.body
        return RequestExtension(
            request.path["assignment_id"], body["minutes"], body["reason"], request.actor, request.version
        )

    @command("POST", f"{ASSIGNMENT}/extensions/1/grant", body=schemas.ReasonBody, answer=schemas.AssignmentView)
    def grant_first_extension(self, request: Request) -> GrantFirstExtension:
        """Grant the first extension: the street 准予首次延期"""
        return GrantFirstExtension(
            request.path["assignment_id"], request.body["reason"], request.actor, request.version
        )

    @command("POST", f"{ASSIGNMENT}/extensions/2/grant", body=schemas.ReasonBody, answer=schemas.AssignmentView)
    def grant_second_extension(self, request: Request) -> GrantSecondExtension:
        """Grant the second extension: the district 准予第二次延期"""
        return GrantSecondExtension(
            request.path["assignment_id"], request.body["reason"], request.actor, request.version
        )

    @command("POST", f"{ASSIGNMENT}/extensions/refusal", body=schemas.ReasonBody, answer=schemas.AssignmentView)
    def refuse_extension(self, request: Request) -> RefuseExtension:
        """Refuse the extension that waits 不予延期"""
        return RefuseExtension(request.path["assignment_id"], request.body["reason"], request.actor, request.version)


def _noted(clock: ClockFacts, at: datetime | None) -> NoteOverdue | None:
    """Of the clocks of an assignment only its closing limit bars something here: the extension."""
    if clock.clock != "close" or clock.assignment_id is None:
        return None
    return NoteOverdue(clock.assignment_id, clock.started_at, at)
