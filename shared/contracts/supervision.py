"""What supervision (督办) announces: clocks that run out, who must be told, orders, and refusals.

`audience` names who must be told; notice knows by which channel. Times are those at which something was due or
happened, not those at which it was noticed.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.registry import event


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who has this `role` and belongs to this `department` ("" = to any) and answers for this `area`.

    With `person`, that one alone.
    """

    role: str
    department: str = ""
    area: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a notice says of a case: its number, kind, category and area; nothing personal."""

    number: str
    kind: str
    category: str
    area: str


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A clock: which limit (`clock`: sign, report_in, close …), whose, and from when to when it runs.

    `key` tells it from others of its name in the case: an assignment's id, a record's, an order's, or nothing.
    """

    clock_id: UUID
    clock: str
    key: str
    assignment_id: UUID | None
    department: str
    started_at: datetime
    due_at: datetime


@event("clock.warned.v1")
@dataclass(frozen=True, slots=True)
class ClockWarnedV1:
    """So many per cent of a limit have passed (临期提醒)."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    percent: int
    audience: tuple[Audience, ...]
    warned_at: datetime


@event("clock.overdue.v1")
@dataclass(frozen=True, slots=True)
class ClockOverdueV1:
    """A limit has passed (超期)."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    audience: tuple[Audience, ...]
    overdue_at: datetime


@event("clock.escalated.v1")
@dataclass(frozen=True, slots=True)
class ClockEscalatedV1:
    """It is still overdue: the next level is told (逐级上报); `level` is department_head, street or district."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    level: str
    audience: tuple[Audience, ...]
    escalated_at: datetime


@event("breach.withdrawn.v1")
@dataclass(frozen=True, slots=True)
class BreachWithdrawnV1:
    """It was in time after all (撤销超期): what stopped the clock happened before it was due, and was heard late."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    audience: tuple[Audience, ...]
    stopped_at: datetime
    withdrawn_at: datetime


@event("signing.lapsed.v1")
@dataclass(frozen=True, slots=True)
class SigningLapsedV1:
    """Nobody signed within the limit: it counts as signed (视同签收) from this time."""

    case_id: UUID
    assignment_id: UUID
    department: str
    lapsed_at: datetime


@event("order.issued.v1")
@dataclass(frozen=True, slots=True)
class OrderIssuedV1:
    """A supervisor urges (催办), or orders (督办) with a reply due by `reply_by`; `kind` is urging or order."""

    case_id: UUID
    case: CaseFacts
    order_id: UUID
    kind: str
    assignment_id: UUID | None
    department: str
    text: str
    reply_by: datetime | None
    audience: tuple[Audience, ...]
    issued_by: str
    issued_at: datetime


@event("order.answered.v1")
@dataclass(frozen=True, slots=True)
class OrderAnsweredV1:
    """The department replied to an order (督办回复)."""

    case_id: UUID
    order_id: UUID
    department: str
    audience: tuple[Audience, ...]
    answered_by: str
    answered_at: datetime
    text: str = ""


@event("order.accepted.v1")
@dataclass(frozen=True, slots=True)
class OrderAcceptedV1:
    """Whoever supervises is content with the reply (督办办结)."""

    case_id: UUID
    order_id: UUID
    department: str
    audience: tuple[Audience, ...]
    accepted_by: str
    accepted_at: datetime


@event("order.returned.v1")
@dataclass(frozen=True, slots=True)
class OrderReturnedV1:
    """The reply is sent back (退回督办回复): another is due by `reply_by`."""

    case_id: UUID
    order_id: UUID
    assignment_id: UUID | None
    department: str
    reason: str
    reply_by: datetime
    audience: tuple[Audience, ...]
    returned_by: str
    returned_at: datetime


@event("order.ended.v1")
@dataclass(frozen=True, slots=True)
class OrderEndedV1:
    """An order without an object (督办终止): its department is out of the case, or the case has ended."""

    case_id: UUID
    order_id: UUID
    department: str
    ended_at: datetime


@event("refusal.reported.v1")
@dataclass(frozen=True, slots=True)
class RefusalReportedV1:
    """The street reports a department that refuses to come (街道办条例 44); the district investigates."""

    case_id: UUID
    case: CaseFacts
    refusal_id: UUID
    assignment_id: UUID
    department: str
    reason: str
    audience: tuple[Audience, ...]
    reported_by: str
    reported_at: datetime


@event("refusal.investigated.v1")
@dataclass(frozen=True, slots=True)
class RefusalInvestigatedV1:
    """The district took a refusal up (受理调查)."""

    case_id: UUID
    refusal_id: UUID
    assignment_id: UUID
    department: str
    taken_up_by: str
    taken_up_at: datetime


@event("refusal.concluded.v1")
@dataclass(frozen=True, slots=True)
class RefusalConcludedV1:
    """The district's finding: whether the department refused without reason, and what that costs it in its score."""

    case_id: UUID
    case: CaseFacts
    refusal_id: UUID
    assignment_id: UUID
    department: str
    justified: bool
    points: int
    finding: str
    audience: tuple[Audience, ...]
    concluded_by: str
    concluded_at: datetime


@event("archiving.due.v1")
@dataclass(frozen=True, slots=True)
class ArchivingDueV1:
    """Enough days have passed since the case was closed at that time (归档期限): it goes to the archive."""

    case_id: UUID
    closed_at: datetime
    due_at: datetime
