"""What supervision (督办) announces: clocks that run out, who must be told, orders, and refusals.

`audience` names who must be told; notice knows by which channel. Times are those at which something was due or
happened, not those at which it was noticed.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.registry import event


class Audience(Struct, frozen=True):
    """Everybody who has this `role` and belongs to this `department` ("" = to any) and answers for this `area`.

    With `person`, that one alone.
    """

    role: str
    department: str = ""
    area: str = ""
    person: str = ""


class CaseFacts(Struct, frozen=True):
    """What a notice says of a case: its number, kind, category and area; nothing personal."""

    number: str
    kind: str
    category: str
    area: str


class ClockFacts(Struct, frozen=True):
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
class ClockWarnedV1(Struct, frozen=True):
    """So many per cent of a limit have passed (临期提醒)."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    percent: int
    audience: tuple[Audience, ...]
    warned_at: datetime


@event("clock.overdue.v1")
class ClockOverdueV1(Struct, frozen=True):
    """A limit has passed (超期)."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    audience: tuple[Audience, ...]
    overdue_at: datetime


@event("clock.escalated.v1")
class ClockEscalatedV1(Struct, frozen=True):
    """It is still overdue: the next level is told (逐级上报); `level` is department_head, street or district."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    level: str
    audience: tuple[Audience, ...]
    escalated_at: datetime


@event("breach.withdrawn.v1")
class BreachWithdrawnV1(Struct, frozen=True):
    """It was in time after all (撤销超期): what stopped the clock happened before it was due, and was heard late."""

    case_id: UUID
    case: CaseFacts
    clock: ClockFacts
    audience: tuple[Audience, ...]
    stopped_at: datetime
    withdrawn_at: datetime


@event("signing.lapsed.v1")
class SigningLapsedV1(Struct, frozen=True):
    """Nobody signed within the limit: it counts as signed (视同签收) from this time."""

    case_id: UUID
    assignment_id: UUID
    department: str
    lapsed_at: datetime


@event("order.issued.v1")
class OrderIssuedV1(Struct, frozen=True):
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
class OrderAnsweredV1(Struct, frozen=True):
    """The department replied to an order (督办回复)."""

    case_id: UUID
    order_id: UUID
    department: str
    audience: tuple[Audience, ...]
    answered_by: str
    answered_at: datetime
    text: str = ""


@event("order.accepted.v1")
class OrderAcceptedV1(Struct, frozen=True):
    """Whoever supervises is content with the reply (督办办结)."""

    case_id: UUID
    order_id: UUID
    department: str
    audience: tuple[Audience, ...]
    accepted_by: str
    accepted_at: datetime


@event("order.returned.v1")
class OrderReturnedV1(Struct, frozen=True):
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
class OrderEndedV1(Struct, frozen=True):
    """An order without an object (督办终止): its department is out of the case, or the case has ended."""

    case_id: UUID
    order_id: UUID
    department: str
    ended_at: datetime


@event("refusal.reported.v1")
class RefusalReportedV1(Struct, frozen=True):
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
class RefusalInvestigatedV1(Struct, frozen=True):
    """The district took a refusal up (受理调查)."""

    case_id: UUID
    refusal_id: UUID
    assignment_id: UUID
    department: str
    taken_up_by: str
    taken_up_at: datetime


@event("refusal.concluded.v1")
class RefusalConcludedV1(Struct, frozen=True):
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
class ArchivingDueV1(Struct, frozen=True):
    """Enough days have passed since the case was closed at that time (归档期限): it goes to the archive."""

    case_id: UUID
    closed_at: datetime
    due_at: datetime
