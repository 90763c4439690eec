"""Closure's routes, and the events it follows."""

import hashlib
from datetime import datetime

from msgspec.structs import replace

from services.closure import schemas
from services.closure.commands.absorb_case import AbsorbCase
from services.closure.commands.appeal_case import AppealCase
from services.closure.commands.archive_case import ArchiveCase
from services.closure.commands.close_unreached import CloseUnreached
from services.closure.commands.evaluate_departments import EvaluateDepartments, Score
from services.closure.commands.evaluate_street import EvaluateStreet
from services.closure.commands.fail_verification import FailVerification
from services.closure.commands.follow_withdrawal import FollowWithdrawal
from services.closure.commands.give_verdict import GiveVerdict
from services.closure.commands.keep_feedback import KeepFeedback
from services.closure.commands.pass_verification import PassVerification
from services.closure.commands.publish_outcome import PublishOutcome
from services.closure.commands.receive_case import ReceiveCase
from services.closure.commands.receive_handled_case import ReceiveHandledCase
from services.closure.commands.record_appeal import RecordAppeal
from services.closure.commands.record_callback import RecordCallback
from services.closure.commands.upload_photo import UploadPhoto
from services.closure.commands.withdraw_case import WithdrawCase
from services.closure.domain.following import Followed
from services.closure.domain.reporter import Answer
from services.closure.store import queries
from services.closure.wiring import WIRING
from shared.access.actor import Actor
from shared.contracts.dispatch import AssignmentFedBackV1, CaseFedBackV1, DispatchWithdrawnV1, WithdrawalForwardedV1
from shared.contracts.intake import (
    CaseAbsorbedV1,
    CaseRedirectedV1,
    CaseRefusedV1,
    CaseSelfHandledV1,
    CaseWithdrawnV1,
    WithdrawalRequestedV1,
)
from shared.contracts.supervision import ArchivingDueV1
from shared.messaging.follow import follow
from shared.parked import ParkedRoutes
from shared.runtime import clock
from shared.service import Room
from shared.store.cleaning import can_clean
from shared.store.files import Stored
from shared.web.endpoint import command, query, upload
from shared.web.reply import Reply
from shared.web.request import Request
from shared.web.upload import FILE_KINDS, FILE_LIMIT, give_out, safe_name, take_in


class ClosureService(ParkedRoutes):
    """Verification, call-back, closing, evaluation, public notice 结案反馈"""

    name = "closure"
    room = Room(WIRING)

    # --- for staff

    @query("GET", "/cases", query=schemas.CasesQuery, answer=schemas.CasePageView, operation="closure.list_cases")
    def list_cases(self, request: Request) -> queries.Row:
        """List the cases handed over, the latest first 待核查及其后的案件"""
        with self.room.read() as connection:
            return queries.list_cases(connection, request.actor, **request.query)

    @query("GET", "/cases/<uuid:case_id>", answer=schemas.CaseDetailView, operation="closure.show_case")
    def show_case(self, request: Request) -> queries.Row:
        """Show a case with its history 案件详情

        A department sees of parts and evaluations only its own, and nothing of the reporters.
        """
        with self.room.read() as connection:
            return queries.show_case(connection, request.actor, request.path["case_id"])

    @upload("POST", "/photos", kinds=FILE_KINDS, limit=FILE_LIMIT, query=schemas.PhotoQuery, answer=schemas.PhotoView)
    def upload_photo(self, request: Request) -> UploadPhoto:
        """Send a photo or a clip from the site 上传核查照片

        A verification names it by its id afterwards. Only its sender can use it.
        """
        assert request.stream is not None
        stored = take_in(self.room.files, request.stream)
        name = safe_name(request.query["name"])
        return UploadPhoto(request.actor, stored.sha256, stored.size, stored.content_type, name)

    @query("GET", "/photos/<uuid:photo_id>", produces=("image/*", "video/*"), operation="closure.read_photo")
    def read_photo(self, request: Request) -> Reply:
        """Read a photo, without what it tells of place and camera 查看核查照片"""
        with self.room.read() as connection:
            photo = queries.find_photo(connection, request.actor, request.path["photo_id"])
        stored = Stored(photo.sha256, photo.size, photo.content_type)
        return give_out(self.room.files, stored, photo.name, original=not can_clean(photo.content_type))

    @command(
        "POST",
        "/cases/<uuid:case_id>/passed-verifications",
        body=schemas.PassedBody,
        answer=schemas.CaseView,
        status=201,
    )
    def pass_verification(self, request: Request) -> PassVerification:
        """Find it solved on site 核查通过

        By the grid or the street; never by who handled it or whose department did.
        """
        body = request.body
        return PassVerification(
            request.path["case_id"],
            request.actor,
            tuple(body["photos"]),
            body["condition_met"],
            body["remark"],
            request.version,
        )

    @command(
        "POST",
        "/cases/<uuid:case_id>/failed-verifications",
        body=schemas.FailedBody,
        answer=schemas.CaseView,
        status=201,
    )
    def fail_verification(self, request: Request) -> FailVerification:
        """Find it not solved on site 核查不通过

        Only the named assignments are reopened; the others stay accepted.
        """
        body = request.body
        return FailVerification(
            request.path["case_id"],
            request.actor,
            tuple(body["failed"]),
            body["reason"],
            tuple(body["photos"]),
            request.version,
        )

    @command("POST", "/cases/<uuid:case_id>/callbacks", body=schemas.CallbackBody, answer=schemas.CaseView, status=201)
    def record_callback(self, request: Request) -> RecordCallback:
        """Record an attempt to call a reporter back 回访登记

        The last reporter's yes closes the case; anybody's no sends it to rework.
        """
        body = request.body
        return RecordCallback(
            case_id=request.path["case_id"],
            actor=request.actor,
            answer=Answer(body["resolved"], body["satisfaction"]) if body["reached"] else None,
            reporter_case=body["reporter_case"],
            remark=body["remark"],
            failed=tuple(body["failed"]),
            version=request.version,
        )

    @command("POST", "/cases/<uuid:case_id>/unreached-closings", answer=schemas.CaseView, status=201)
    def close_unreached(self, request: Request) -> CloseUnreached:
        """Close a case whose reporter could not be reached 未联系上办结

        After three failed contacts with everybody who has not answered; out of the rates.
        """
        return CloseUnreached(request.path["case_id"], request.actor, request.version)

    @command("POST", "/cases/<uuid:case_id>/appeals", body=schemas.AppealBody, answer=schemas.CaseView, status=201)
    def record_appeal(self, request: Request) -> RecordAppeal:
        """Write down a reporter's appeal 代记申诉

        Once for each reporter, within 15 days of closing.
        """
        body = request.body
        return RecordAppeal(
            case_id=request.path["case_id"],
            actor=request.actor,
            reason=body["reason"],
            reporter_case=body["reporter_case"],
            failed=tuple(body["failed"]),
            version=request.version,
        )

    @command(
        "POST",
        "/cases/<uuid:case_id>/department-evaluations",
        body=schemas.DepartmentScoresBody,
        answer=schemas.CaseView,
        status=201,
    )
    def evaluate_departments(self, request: Request) -> EvaluateDepartments:
        """Evaluate the departments that reported in 评价部门

        A score for each of them; when both sides have evaluated, the case is archived.
        """
        scores = tuple(Score(**one) for one in request.body["scores"])
        return EvaluateDepartments(request.path["case_id"], request.actor, scores, request.version)

    @command(
        "POST",
        "/cases/<uuid:case_id>/street-evaluations",
        body=schemas.StreetScoreBody,
        answer=schemas.CaseView,
        status=201,
    )
    def evaluate_street(self, request: Request) -> EvaluateStreet:
        """Evaluate the street that whistled 评价街道

        Once for each department that reported in.
        """
        return EvaluateStreet(request.path["case_id"], request.actor, **request.body, version=request.version)

    @command("POST", "/cases/<uuid:case_id>/outcomes", body=schemas.OutcomeBody, answer=schemas.OutcomeView, status=201)
    def publish_outcome(self, request: Request) -> PublishOutcome:
        """Publish the outcome 公示结果

        Names, numbers and flats are taken out; the place is told no closer than the community.
        """
        return PublishOutcome(request.path["case_id"], request.actor, **request.body, version=request.version)

    # --- for everybody

    @query(
        "GET",
        "/outcomes",
        query=schemas.OutcomesQuery,
        answer=schemas.OutcomePageView,
        operation="closure.list_outcomes",
    )
    def list_outcomes(self, request: Request) -> queries.Row:
        """List the public notices, newest first 公示列表"""
        with self.room.read() as connection:
            return queries.list_outcomes(connection, **request.query)

    @query("POST", "/followed", body=schemas.TrackingBody, answer=schemas.FollowedView, operation="closure.follow_case")
    def follow_case(self, request: Request) -> Followed:
        """Follow my own case by its tracking code 查询我的案件

        What was done, and whether it is my turn to answer.
        """
        with self.room.read() as connection:
            return queries.follow_case(connection, digest_of(request.body["tracking_code"]), clock.now())

    @command("POST", "/verdicts", body=schemas.VerdictBody, answer=schemas.VerdictView, status=201)
    def give_verdict(self, request: Request) -> GiveVerdict:
        """Say whether it is solved 居民评价

        As if I had been called back: it closes the case, or sends it to rework.
        """
        body = request.body
        answer = Answer(body["resolved"], body["satisfaction"])
        return GiveVerdict(_tracked(request), answer, body["remark"])

    @command("POST", "/appeals", body=schemas.ResidentAppealBody, answer=schemas.VerdictView, status=201)
    def appeal_case(self, request: Request) -> AppealCase:
        """Appeal against the closing of my case 居民申诉

        Once, within 15 days.
        """
        return AppealCase(_tracked(request), request.body["reason"])

    # --- what others announce

    @follow(AssignmentFedBackV1)
    def fed_back(self, event: AssignmentFedBackV1, _at: datetime) -> KeepFeedback:
        """A department fed back."""
        return KeepFeedback(event)

    @follow(CaseFedBackV1)
    def handed_over(self, event: CaseFedBackV1, _at: datetime) -> ReceiveCase:
        """Every department has fed back."""
        return ReceiveCase(event)

    @follow(CaseSelfHandledV1)
    def self_handled(self, event: CaseSelfHandledV1, _at: datetime) -> ReceiveHandledCase:
        """The community solved it itself."""
        return ReceiveHandledCase(event)

    @follow(CaseAbsorbedV1)
    def absorbed(self, event: CaseAbsorbedV1, _at: datetime) -> AbsorbCase:
        """Another case was merged into one."""
        return AbsorbCase(event)

    @follow(WithdrawalForwardedV1)
    def withdrawal_forwarded(self, event: WithdrawalForwardedV1, _at: datetime) -> WithdrawCase:
        """The street wants a case withdrawn that was handed over."""
        return WithdrawCase(event)

    @follow(WithdrawalRequestedV1)
    def withdrawal_requested(self, event: WithdrawalRequestedV1, _at: datetime) -> WithdrawCase | None:
        """The street wants a case withdrawn; of those that went to dispatch closure hears from there."""
        return WithdrawCase(event) if event.self_handled else None

    @follow(ArchivingDueV1)
    def archiving_due(self, event: ArchivingDueV1, _at: datetime) -> ArchiveCase:
        """Enough days have passed since a case was closed."""
        return ArchiveCase(event.case_id, event.closed_at)

    @follow(DispatchWithdrawnV1)
    def withdrawn_by_dispatch(self, event: DispatchWithdrawnV1, _at: datetime) -> FollowWithdrawal:
        """Dispatch withdrew a case."""
        return FollowWithdrawal(event)

    @follow(CaseWithdrawnV1)
    def withdrawn_by_intake(self, event: CaseWithdrawnV1, _at: datetime) -> FollowWithdrawal:
        """Intake withdrew a case, such as one that had been given back to the community."""
        return FollowWithdrawal(event)

    @follow(CaseRefusedV1)
    def refused(self, event: CaseRefusedV1, _at: datetime) -> FollowWithdrawal:
        """Review refused to whistle, such as for a case that had been given back to the community."""
        return FollowWithdrawal(event)

    @follow(CaseRedirectedV1)
    def redirected(self, event: CaseRedirectedV1, _at: datetime) -> FollowWithdrawal:
        """Review pointed to the statutory channel, likewise."""
        return FollowWithdrawal(event)


def digest_of(tracking_code: str) -> str:
    """By what a resident is known here: the SHA-256 (hex) of their code, however they spaced it."""
    plain = "".join(tracking_code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()


def _tracked(request: Request) -> Actor:
    """Whoever asks, as the one to whom the tracking code was given."""
    return replace(request.actor, id=digest_of(request.body["tracking_code"]))
