"""What closure (结案反馈) announces: verification, call-back, closing, appeal, evaluation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.registry import event


@event("verification.passed.v1")
@dataclass(frozen=True, slots=True)
class VerificationPassedV1:
    """Verified on site (核查通过) by somebody who did not handle it; now the reporters are called back."""

    case_id: UUID
    verified_by: str
    verified_at: datetime


@event("verification.failed.v1")
@dataclass(frozen=True, slots=True)
class VerificationFailedV1:
    """Verification failed for these assignments only (核查不通过); the others stay accepted."""

    case_id: UUID
    failed: tuple[UUID, ...]
    reason: str
    verified_by: str
    verified_at: datetime


@event("callback.recorded.v1")
@dataclass(frozen=True, slots=True)
class CallbackRecordedV1:
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
@dataclass(frozen=True, slots=True)
class CaseUnresolvedV1:
    """A reporter says that it is not solved (未解决): these are reopened; `appeal` if it was closed before.

    `failed` is the lead's unless others were named, and empty for what the community handled itself.
    """

    case_id: UUID
    failed: tuple[UUID, ...]
    reason: str
    appeal: bool
    decided_at: datetime


@event("case.closed.v1")
@dataclass(frozen=True, slots=True)
class CaseClosedV1:
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
@dataclass(frozen=True, slots=True)
class CaseEvaluatedV1:
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
@dataclass(frozen=True, slots=True)
class CaseArchivedV1:
    """Archived (归档): both evaluations are in, or seven days have passed."""

    case_id: UUID
    archived_at: datetime


@event("outcome.published.v1")
@dataclass(frozen=True, slots=True)
class OutcomePublishedV1:
    """A masked public notice of the outcome (公示)."""

    case_id: UUID
    notice_id: UUID
    title: str
    published_at: datetime


@event("closure.withdrawn.v1")
@dataclass(frozen=True, slots=True)
class ClosureWithdrawnV1:
    """A withdrawal that reached closure was accepted: the case is void or merged, in whatever open state it was."""

    case_id: UUID
    request_id: UUID
    into: UUID | None
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@event("withdrawal.refused.v1")
@dataclass(frozen=True, slots=True)
class WithdrawalRefusedV1:
    """The case is already closed; it cannot be voided or merged any more."""

    case_id: UUID
    request_id: UUID
    reason: str
    refused_at: datetime
