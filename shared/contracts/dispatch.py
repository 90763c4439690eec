"""What dispatch (派遣) announces: who is summoned, and each step of each assignment.

Every event about an assignment names its case, its department and the person who acted, so that others can keep "own
department" and "not a handler" without asking.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.places import Place
from shared.contracts.registry import event


class Summons(Struct, frozen=True):
    """One department's part in a case: `part` is lead (主办) or support (协办); `limit_minutes` is its closing limit.

    A day counts 1,440 minutes here; the working calendar is supervision's.
    """

    assignment_id: UUID
    department: str
    department_name: str
    part: str
    limit_minutes: int


@event("dispatch.awaited.v1")
class DispatchAwaitedV1(Struct, frozen=True):
    """The responsibility table names nobody: a dispatcher must decide."""

    case_id: UUID
    category: str
    area: str
    reason: str
    awaited_at: datetime


@event("case.dispatched.v1")
class CaseDispatchedV1(Struct, frozen=True):
    """One whistle created all assignments at once (派单). Consumers fan out.

    `ongoing`: the violation is in progress (违法行为正在发生).
    """

    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    summons: tuple[Summons, ...]
    dispatched_by: str
    dispatched_at: datetime
    ongoing: bool = False


@event("summons.changed.v1")
class SummonsChangedV1(Struct, frozen=True):
    """A dispatcher corrected who is summoned, added a support, or a ruling re-routed one; `summons` is the whole new
    list. `ongoing`: the violation is in progress.
    """

    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    summons: tuple[Summons, ...]
    added: tuple[UUID, ...]
    removed: tuple[UUID, ...]
    reason: str
    changed_by: str
    changed_at: datetime
    ongoing: bool = False


@event("assignment.signed.v1")
class AssignmentSignedV1(Struct, frozen=True):
    """Signed for (签收); `deemed` when silence past the limit counts as signed (视同签收)."""

    case_id: UUID
    assignment_id: UUID
    department: str
    signed_by: str
    deemed: bool
    signed_at: datetime


@event("assignment.reported_in.v1")
class AssignmentReportedInV1(Struct, frozen=True):
    """Reported in on site (报到). `distance_metres` from the case, if both points are known; `far` beyond 300 m."""

    case_id: UUID
    assignment_id: UUID
    department: str
    reported_by: str
    distance_metres: float | None
    far: bool
    reported_at: datetime


@event("assignment.started.v1")
class AssignmentStartedV1(Struct, frozen=True):
    """Work began (开始处置), or was taken up again after rework."""

    case_id: UUID
    assignment_id: UUID
    department: str
    started_by: str
    round: int
    started_at: datetime


@event("assignment.progressed.v1")
class AssignmentProgressedV1(Struct, frozen=True):
    """The department said how far it has come (阶段反馈)."""

    case_id: UUID
    assignment_id: UUID
    department: str
    reported_by: str
    text: str
    round: int
    progressed_at: datetime


@event("assignment.fed_back.v1")
class AssignmentFedBackV1(Struct, frozen=True):
    """The department fed back what it did (反馈)."""

    case_id: UUID
    assignment_id: UUID
    department: str
    fed_back_by: str
    measures: str
    round: int
    fed_back_at: datetime


@event("assignment.excused.v1")
class AssignmentExcusedV1(Struct, frozen=True):
    """A support's absence is stated (缺席说明), so that the lead need not wait for its feedback."""

    case_id: UUID
    assignment_id: UUID
    department: str
    reason: str
    excused_by: str
    excused_at: datetime


@event("assignment.disputed.v1")
class AssignmentDisputedV1(Struct, frozen=True):
    """The department says that this is not its matter (异议), naming the legal basis."""

    case_id: UUID
    assignment_id: UUID
    department: str
    legal_basis: str
    disputed_by: str
    disputed_at: datetime


@event("dispute.ruled.v1")
class DisputeRuledV1(Struct, frozen=True):
    """The dispute was upheld against the department (维持), or the assignment re-routed (改派) to `rerouted_to`."""

    case_id: UUID
    assignment_id: UUID
    department: str
    rerouted_to: str
    new_assignment_id: UUID | None
    reason: str
    ruled_by: str
    ruled_at: datetime


@event("extension.requested.v1")
class ExtensionRequestedV1(Struct, frozen=True):
    """The department asks for more time (延期申请): the first or the second time."""

    case_id: UUID
    assignment_id: UUID
    department: str
    ordinal: int
    minutes: int
    reason: str
    requested_by: str
    requested_at: datetime


@event("extension.ruled.v1")
class ExtensionRuledV1(Struct, frozen=True):
    """An extension was granted or refused; the first by the street, the second by the district."""

    case_id: UUID
    assignment_id: UUID
    department: str
    ordinal: int
    granted: bool
    minutes: int
    reason: str
    ruled_by: str
    ruled_at: datetime


@event("assignment.released.v1")
class AssignmentReleasedV1(Struct, frozen=True):
    """The street let the department leave the site (准予撤离; 事不绝、人不撤)."""

    case_id: UUID
    assignment_id: UUID
    department: str
    released_by: str
    released_at: datetime


@event("case.started.v1")
class CaseStartedV1(Struct, frozen=True):
    """The case is in progress (处置中): the first department reported in, or a failed one took it up again."""

    case_id: UUID
    round: int
    started_at: datetime


@event("case.fed_back.v1")
class CaseFedBackV1(Struct, frozen=True):
    """Every assignment has fed back: to be verified (待核查) by somebody who is not among `handlers`."""

    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    summons: tuple[Summons, ...]
    handlers: tuple[str, ...]
    author: str
    tracking_digest: str
    round: int
    fed_back_at: datetime


@event("case.suspended.v1")
class CaseSuspendedV1(Struct, frozen=True):
    """The district suspended the case (挂账); to be reviewed by `review_by`."""

    case_id: UUID
    reason: str
    review_by: datetime
    suspended_by: str
    suspended_at: datetime


@event("case.resumed.v1")
class CaseResumedV1(Struct, frozen=True):
    """A suspended case goes on (恢复)."""

    case_id: UUID
    reason: str
    resumed_by: str
    resumed_at: datetime


@event("case.reopened.v1")
class CaseReopenedV1(Struct, frozen=True):
    """Rework (返工): only these assignments are open again, each with half of its original limit."""

    case_id: UUID
    reopened: tuple[Summons, ...]
    reason: str
    round: int
    reopened_at: datetime


@event("dispatch.withdrawn.v1")
class DispatchWithdrawnV1(Struct, frozen=True):
    """Every assignment of the case was withdrawn: the case is void or merged."""

    case_id: UUID
    into: UUID | None
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@event("withdrawal.forwarded.v1")
class WithdrawalForwardedV1(Struct, frozen=True):
    """The case has already been handed over for verification: closure decides about its withdrawal."""

    case_id: UUID
    request_id: UUID
    into: UUID | None
    reason: str
    requested_by: str
    forwarded_at: datetime
