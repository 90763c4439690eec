"""What each service makes of a message: the rows to write, and what to tell the others. Every peer does the same.

Ids follow from the call's, so that a message that comes again makes the same rows.
"""

from datetime import UTC, datetime
from uuid import uuid5

from tests.bench.contest import DEPARTMENTS, Call
from tests.bench.peers.messages import Delivered, Dispatched, Whistled
from tests.bench.peers.tables import Assignment, Case, Summons


def take(call: Call) -> tuple[Case, Whistled]:
    """The call as a case, whistled at once."""
    now = datetime.now(UTC)
    case = Case(
        id=call.id,
        number=f"{now:%Y%m%d}-{call.reference}",
        state="whistled",
        category=call.category,
        area=call.area,
        address=call.address,
        summary=call.summary,
        reference=call.reference,
        registered_at=now,
        whistled_at=now,
        departments=[],
    )
    return case, Whistled(call.id, case.number, call.category, call.area, call.address, call.summary, now)


def dispatch(case: Whistled) -> tuple[list[Assignment], Dispatched]:
    """Every responsible department's assignment; the first leads, the others support."""
    now = datetime.now(UTC)
    summoned = {department: uuid5(case.case_id, department) for department in DEPARTMENTS}
    lead = DEPARTMENTS[0]
    assignments = [
        Assignment(
            id=id,
            case_id=case.case_id,
            area=case.area,
            department=department,
            part=_part(department, lead),
            state="dispatched",
            dispatched_at=now,
        )
        for department, id in summoned.items()
    ]
    told = Dispatched(
        case.case_id, case.number, case.category, case.area, case.address, case.summary, lead, summoned, now
    )
    return assignments, told


def deliver(case: Dispatched) -> tuple[list[Summons], Delivered]:
    """Every summoned department's summons, unread in its inbox."""
    summonses = [
        Summons(
            id=id,
            case_id=case.case_id,
            number=case.number,
            category=case.category,
            area=case.area,
            address=case.address,
            summary=case.summary,
            department=department,
            part=_part(department, case.lead),
            state="unread",
            summoned_at=case.dispatched_at,
        )
        for department, id in case.summoned.items()
    ]
    return summonses, Delivered(case.case_id, list(case.summoned.values()), datetime.now(UTC))


def note_dispatched(case: Case, event: Dispatched) -> None:
    """The case knows who is summoned."""
    case.state = "dispatched"
    case.dispatched_at = event.dispatched_at
    case.departments = list(event.summoned)


def note_delivered(assignment: Assignment, event: Delivered) -> None:
    """The assignment is known to lie in its inbox."""
    assignment.state = "delivered"
    assignment.delivered_at = event.delivered_at


def _part(department: str, lead: str) -> str:
    return "lead" if department == lead else "support"
