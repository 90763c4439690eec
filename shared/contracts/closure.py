"""What closure (结案反馈) announces: verification, call-back, closing, appeal, evaluation."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.registry import event


@event("verification.passed.v1")
class VerificationPassedV1(Struct, frozen=True):
    """Verified on site (核查通过) by somebody who did not handle it; now the reporters are called back."""

    case_id: UUID
    verified_by: str
    verified_at: datetime


@event("verification.failed.v1")
class VerificationFailedV1(Struct, frozen=True):
    """Verification failed for these assignments only (核查不通过); the others stay accepted."""

    case_id: UUID
    failed: tuple[UUID, ...]
    reason: str
    verified_by: str
    verified_at: datetime


@event("callback.recorded.v1")
class CallbackRecordedV1(Struct, frozen=True):
    """One attempt to reach a reporter (回访): not reached, or their answer. `satisfaction` is 1 to 5, or None."""

    case_id: UUID
    reporter_case: UUID
    attempt: int
    reached: bool
    resolved: bool | None
    satisfaction: int | None
    by_resident: bool
    recorded_at: datetime


@event("case.unresolved.v1")
class CaseUnresolvedV1(Struct, frozen=True):
    """A reporter says that it is not solved (未解决): these are reopened; `appeal` if it was closed before.

    `failed` is the lead's unless others were named, and empty for what the community handled itself.
    """

    case_id: UUID
    failed: tuple[UUID, ...]
    reason: str
    appeal: bool
    decided_at: datetime


@event("case.closed.v1")
class CaseClosedV1(Struct, frozen=True):
    """Closed (办结) by the reporters' own answer, or as unreached (未联系上) by the street.

    `satisfaction` is the lowest that a reporter gave. It may come again for a closed case: a reporter who was merged in
    after the end is called back as well.
    """

    case_id: UUID
    resolved: bool
    unreached: bool
    satisfaction: int | None
    closed_by: str
    closed_at: datetime


@event("case.evaluated.v1")
class CaseEvaluatedV1(Struct, frozen=True):
    """One side evaluated the other (双向评价, 接诉即办条例 33); score 1 to 5.

    `side` is who evaluated: the street scores this `department`, or this `department` the street.
    """

    case_id: UUID
    side: str
    department: str
    score: int
    evaluated_by: str
    evaluated_at: datetime


@event("case.archived.v1")
class CaseArchivedV1(Struct, frozen=True):
    """Archived (归档): both evaluations are in, or seven days have passed."""

    case_id: UUID
    archived_at: datetime


@event("outcome.published.v1")
class OutcomePublishedV1(Struct, frozen=True):
    """A masked public notice of the outcome (公示)."""

    case_id: UUID
    notice_id: UUID
    title: str
    published_at: datetime


@event("closure.withdrawn.v1")
class ClosureWithdrawnV1(Struct, frozen=True):
    """A withdrawal that reached closure was accepted: the case is void or merged, in whatever open state it was."""

    case_id: UUID
    request_id: UUID
    into: UUID | None
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@event("withdrawal.refused.v1")
class WithdrawalRefusedV1(Struct, frozen=True):
    """The case is already closed; it cannot be voided or merged any more."""

    case_id: UUID
    request_id: UUID
    reason: str
    refused_at: datetime
