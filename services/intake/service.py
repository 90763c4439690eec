"""The routes of intake, and which event becomes which command."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.intake import schemas
from services.intake.commands._report import Report
from services.intake.commands.accept_call import AcceptCall
from services.intake.commands.blow_whistle import BlowWhistle
from services.intake.commands.complete_case import CompleteCase, Corrections
from services.intake.commands.confirm_emergency import ConfirmEmergency
from services.intake.commands.follow_progress import FollowProgress
from services.intake.commands.merge_case import MergeCase
from services.intake.commands.redirect_case import RedirectCase
from services.intake.commands.refuse_case import RefuseCase
from services.intake.commands.register_case import RegisterCase
from services.intake.commands.reopen_case import ReopenCase
from services.intake.commands.report_problem import ReportProblem
from services.intake.commands.return_case import ReturnCase
from services.intake.commands.reveal_reporter import RevealReporter
from services.intake.commands.settle_withdrawal import SettleWithdrawal
from services.intake.commands.solve_case import SolveCase
from services.intake.commands.submit_case import SubmitCase
from services.intake.commands.upload_attachment import UploadAttachment
from services.intake.commands.void_case import VoidCase
from services.intake.domain.complaint import Reporter
from services.intake.domain.labels import told
from services.intake.domain.numbers import draw_numbers
from services.intake.domain.progress import STAGES
from services.intake.domain.tracking import digest_of, new_code
from services.intake.store import queries
from services.intake.wiring import WIRING
from shared.contracts.closure import (
    CaseArchivedV1,
    CaseClosedV1,
    CaseUnresolvedV1,
    ClosureWithdrawnV1,
    VerificationFailedV1,
    VerificationPassedV1,
    WithdrawalRefusedV1,
)
from shared.contracts.dispatch import (
    CaseDispatchedV1,
    CaseFedBackV1,
    CaseReopenedV1,
    CaseResumedV1,
    CaseStartedV1,
    CaseSuspendedV1,
    DispatchAwaitedV1,
    DispatchWithdrawnV1,
    SummonsChangedV1,
)
from shared.contracts.hotline import CallHandedOverV1
from shared.contracts.places import Place
from shared.messaging.follow import follow
from shared.parked import ParkedRoutes
from shared.runtime import clock
from shared.service import Room
from shared.store.cleaning import can_clean
from shared.store.files import Stored
from shared.store.kinds import allowed_kinds
from shared.web.endpoint import command, query, upload
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.schemas import PageQuery
from shared.web.upload import FILE_KINDS, FILE_LIMIT, give_out, take_in

CASE = "/cases/<uuid:case_id>"


class IntakeService(ParkedRoutes):
    """From what somebody reports to a whistle, or to another end 受理"""

    name = "intake"
    room = Room(WIRING)

    # --- for everybody

    @upload("POST", "/attachments", kinds=FILE_KINDS, limit=FILE_LIMIT, answer=schemas.UploadView)
    def upload_attachment(self, request: Request) -> UploadAttachment:
        """Send a photo, clip or document 上传附件

        A case names it by its digest afterwards, within a day.
        """
        assert request.stream is not None
        stored = take_in(self.room.files, request.stream)
        return UploadAttachment(stored.sha256, stored.size, stored.content_type, request.actor)

    @command("POST", "/reports", body=schemas.ReportBody, answer=schemas.ReportedView, status=201)
    def report_problem(self, request: Request) -> ReportProblem:
        """Report a problem without an account 居民自报

        Keep the tracking code: it is told only now.
        """
        return ReportProblem(_report(request.body), draw_numbers(clock.now()), new_code(), request.actor)

    @query(
        "POST",
        "/followed",
        body=schemas.TrackingBody,
        answer=schemas.FollowedView,
        operation="intake.follow_report",
    )
    def follow_report(self, request: Request) -> Mapping[str, Any]:
        """Follow my own report by its tracking code 查询我的报事"""
        with self.room.read() as connection:
            case, progress = queries.follow_report(connection, digest_of(request.body["tracking_code"]))
            taking_part = progress.departments if progress else ()
            departments = queries.department_names(connection, taking_part)
        return {**told(case, progress, request.language), "departments": departments}

    # --- the community

    @command("POST", "/cases", body=schemas.RegisterBody, answer=schemas.RegisteredView, status=201)
    def register_case(self, request: Request) -> RegisterCase:
        """Register a case 登记

        The reporter's tracking code is told only now.
        """
        report, channel = _report(request.body), request.body["channel"]
        return RegisterCase(report, channel, draw_numbers(clock.now()), new_code(), request.actor)

    @command("PATCH", CASE, body=schemas.CompleteBody, answer=schemas.CaseView)
    def complete_case(self, request: Request) -> CompleteCase:
        """Complete or correct a case until it is submitted 补正"""
        return CompleteCase(request.path["case_id"], _corrections(request.body), request.actor, request.version)

    @query("GET", f"{CASE}/duplicates", answer=schemas.DuplicatesView, operation="intake.list_duplicates")
    def list_duplicates(self, request: Request) -> Mapping[str, Any]:
        """List likely duplicates nearby 疑似重复"""
        with self.room.read() as connection:
            return {"items": queries.list_duplicates(connection, request.actor, request.path["case_id"])}

    @command("POST", f"{CASE}/solution", body=schemas.SolveBody, answer=schemas.CaseView)
    def solve_case(self, request: Request) -> SolveCase:
        """Solve it in the community itself 社区自办

        Never a whistle; its reporter is called back all the same.
        """
        return SolveCase(request.path["case_id"], request.body["measures"], request.actor, request.version)

    @command("POST", f"{CASE}/submission", answer=schemas.CaseView)
    def submit_case(self, request: Request) -> SubmitCase:
        """Ask for a whistle 提请吹哨

        An emergency is whistled at once and reviewed afterwards.
        """
        return SubmitCase(request.path["case_id"], request.actor, request.version)

    @query(
        "POST",
        f"{CASE}/reporter",
        body=schemas.ReasonBody,
        answer=schemas.ReporterView,
        operation="intake.reveal_reporter",
    )
    def reveal_reporter(self, request: Request) -> Reporter:
        """Show who reported it 揭示报事人

        Each look is noted with its reason. The answer is kept nowhere, not even for a repeated request.
        """
        look = RevealReporter(request.path["case_id"], request.body["reason"], request.actor)
        shown: Reporter = self.room.carry_out(look, request.trace)
        return shown

    # --- the street's review

    @command("POST", f"{CASE}/whistle", answer=schemas.CaseView)
    def blow_whistle(self, request: Request) -> BlowWhistle:
        """Blow the whistle 吹哨

        Never on a case that the reviewer registered or submitted.
        """
        return BlowWhistle(request.path["case_id"], request.actor, request.version)

    @command("POST", f"{CASE}/return", body=schemas.ReasonBody, answer=schemas.CaseView)
    def return_case(self, request: Request) -> ReturnCase:
        """Return it to be completed 退回补正"""
        return ReturnCase(request.path["case_id"], request.body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/refusal", body=schemas.ReasonBody, answer=schemas.CaseView)
    def refuse_case(self, request: Request) -> RefuseCase:
        """Refuse to whistle 不予吹哨"""
        return RefuseCase(request.path["case_id"], request.body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/redirection", body=schemas.RedirectBody, answer=schemas.CaseView)
    def redirect_case(self, request: Request) -> RedirectCase:
        """Point to the statutory channel 转法定途径"""
        body = request.body
        return RedirectCase(request.path["case_id"], body["channel"], body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/confirmation", body=schemas.ConfirmBody, answer=schemas.CaseView)
    def confirm_emergency(self, request: Request) -> ConfirmEmergency:
        """Review an emergency whistle afterwards 应急补审"""
        body = request.body
        return ConfirmEmergency(request.path["case_id"], body["upheld"], body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/merger", body=schemas.MergeBody, answer=schemas.CaseView)
    def merge_case(self, request: Request) -> MergeCase:
        """Merge it into another case 合并

        Once it was given away, whoever has it decides; until then it is withdrawing.
        """
        body = request.body
        return MergeCase(request.path["case_id"], body["into"], body["reason"], request.actor, request.version)

    @command("POST", f"{CASE}/voidance", body=schemas.ReasonBody, answer=schemas.CaseView)
    def void_case(self, request: Request) -> VoidCase:
        """Void it 作废

        Once it was given away, whoever has it decides; until then it is withdrawing.
        """
        return VoidCase(request.path["case_id"], request.body["reason"], request.actor, request.version)

    # --- reading

    @query("GET", "/cases", query=schemas.CasesQuery, answer=schemas.CasePageView, operation="intake.list_cases")
    def list_cases(self, request: Request) -> queries.Row:
        """List the cases of my area, the last registered first 案件列表"""
        with self.room.read() as connection:
            return queries.list_cases(connection, request.actor, **request.query)

    @query("GET", CASE, answer=schemas.WholeCaseView, operation="intake.show_case")
    def show_case(self, request: Request) -> queries.WholeCase:
        """Show a case 案件详情

        Its reporter, their words and their home are masked for everybody but their own community's clerks.
        """
        with self.room.read() as connection:
            return queries.show_case(connection, request.actor, request.path["case_id"])

    @query(
        "GET",
        f"{CASE}/attachments/<sha256>",
        operation="intake.read_attachment",
        produces=tuple(allowed_kinds()),
    )
    def read_attachment(self, request: Request) -> Reply:
        """Read an attachment 查看附件

        Whoever is not a clerk of the community gets it without what it tells of time, place and camera.
        """
        with self.room.read() as connection:
            found, clear = queries.find_attachment(
                connection, request.actor, request.path["case_id"], request.path["sha256"]
            )
        stored = Stored(found.sha256, found.size, found.content_type)
        return give_out(self.room.files, stored, original=clear or not can_clean(found.content_type))

    @query(
        "GET",
        "/unconfirmed",
        query=PageQuery,
        answer=schemas.CasePageView,
        operation="intake.list_unconfirmed",
    )
    def list_unconfirmed(self, request: Request) -> queries.Row:
        """List whistles that nobody has confirmed to have, and withdrawals that nobody has settled 未确认的吹哨

        They are announced again by themselves; what stays here needs somebody to look.
        """
        with self.room.read() as connection:
            return queries.list_unconfirmed(connection, request.actor, **request.query)

    @query(
        "GET",
        "/disclosures",
        query=schemas.DisclosuresQuery,
        answer=schemas.DisclosurePageView,
        operation="intake.list_disclosures",
    )
    def list_disclosures(self, request: Request) -> queries.Row:
        """List who was shown a reporter's data, when and why 揭示记录"""
        with self.room.read() as connection:
            return queries.list_disclosures(connection, request.actor, **request.query)

    # --- what others announce

    @follow(CallHandedOverV1)
    def call_handed_over(self, event: CallHandedOverV1, _at: datetime) -> AcceptCall:
        """A hotline hands over a call."""
        return AcceptCall(event, draw_numbers(clock.now()))

    @follow(CaseDispatchedV1)
    @follow(SummonsChangedV1)
    def summoned(self, event: CaseDispatchedV1 | SummonsChangedV1, at: datetime) -> FollowProgress:
        """Dispatch names who takes part."""
        departments = tuple(one.department for one in event.summons)
        return FollowProgress(event.case_id, at, STAGES.get(type(event)), departments)

    @follow(DispatchAwaitedV1)
    @follow(CaseStartedV1)
    @follow(CaseSuspendedV1)
    @follow(CaseResumedV1)
    @follow(CaseFedBackV1)
    @follow(CaseReopenedV1)
    @follow(VerificationPassedV1)
    @follow(VerificationFailedV1)
    @follow(CaseClosedV1)
    @follow(CaseArchivedV1)
    def came_further(self, event: Any, at: datetime) -> FollowProgress:
        """Dispatch or closure tells how far it is."""
        return FollowProgress(event.case_id, at, STAGES[type(event)])

    @follow(CaseUnresolvedV1)
    def unresolved(self, event: CaseUnresolvedV1, at: datetime) -> ReopenCase:
        """A reporter says that it is not solved."""
        return ReopenCase(event.case_id, at)

    @follow(DispatchWithdrawnV1)
    def withdrawn_by_dispatch(self, event: DispatchWithdrawnV1, at: datetime) -> SettleWithdrawal:
        """Dispatch gave a case up."""
        return SettleWithdrawal(event.case_id, accepted=True, at=at)

    @follow(ClosureWithdrawnV1)
    def withdrawn_by_closure(self, event: ClosureWithdrawnV1, at: datetime) -> SettleWithdrawal:
        """Closure gave a case up."""
        return SettleWithdrawal(event.case_id, accepted=True, at=at, request_id=event.request_id)

    @follow(WithdrawalRefusedV1)
    def withdrawal_refused(self, event: WithdrawalRefusedV1, at: datetime) -> SettleWithdrawal:
        """Closure keeps a case: it is closed already."""
        return SettleWithdrawal(event.case_id, accepted=False, at=at, request_id=event.request_id)


def _place(body: Mapping[str, Any]) -> Place:
    return Place(body["area"].strip(), body.get("longitude"), body.get("latitude"), body["address"].strip())


def _reporter(body: Mapping[str, Any]) -> Reporter:
    return Reporter(**{name: said.strip() for name, said in body.items()})


def _report(body: Mapping[str, Any]) -> Report:
    return Report(
        category=body["category"],
        kind=body.get("kind", ""),
        place=_place(body["place"]),
        home=body["home"],
        ongoing=body["ongoing"],
        description=body["description"],
        reporter=_reporter(body["reporter"]),
        tried=body.get("tried", "").strip(),
        attachments=tuple(body["attachments"]),
    )


def _corrections(body: Mapping[str, Any]) -> Corrections:
    said = dict(body)
    if "place" in said:
        said["place"] = _place(said["place"])
    if "reporter" in said:
        said["reporter"] = _reporter(said["reporter"])
    if "attachments" in said:
        said["attachments"] = tuple(said["attachments"])
    return Corrections(**said)
