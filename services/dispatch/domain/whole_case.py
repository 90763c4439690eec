"""A case together with its assignments: what commands load, and what only all of them together can tell."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Part
from shared.contracts.dispatch import CaseFedBackV1, CaseStartedV1, Summons
from shared.engine.work import Loaded, Needs, many, one, through
from shared.errors import Conflict


def case_needs(case_id: UUID) -> Needs:
    """Load a case with all its assignments."""
    yield one(Case, case_id)
    yield many(Assignment, "case_id", case_id)


def assignment_needs(assignment_id: UUID) -> Needs:
    """Load an assignment with its case."""
    yield through(Assignment, assignment_id, "case_id", Case)
    yield one(Assignment, assignment_id)


def sisters_needs(assignment_id: UUID) -> Needs:
    """Load an assignment with its case and all assignments of that case."""
    yield through(Assignment, assignment_id, "case_id", Case)
    yield through(Assignment, assignment_id, "case_id", Assignment, "case_id")


def assignments_of(loaded: Loaded, case: Case) -> tuple[Assignment, ...]:
    """All assignments of a case, ended ones included."""
    return loaded.many(Assignment, "case_id", case.id)


def after(assignments: Iterable[Assignment], *changes: Assignment) -> tuple[Assignment, ...]:
    """The same assignments with these changed or added."""
    return tuple(({one.id: one for one in assignments} | {one.id: one for one in changes}).values())


def live(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Those that still take part, the lead first."""
    return tuple(sorted((one for one in assignments if one.live), key=lambda one: one.part is not Part.LEAD))


def summons_of(assignments: Iterable[Assignment]) -> tuple[Summons, ...]:
    """Who is summoned, as it is announced: the lead first."""
    return tuple(
        Summons(one.id, one.department, one.department_name, one.part.value, one.limit_minutes)
        for one in live(assignments)
    )


def expect_supports_done(assignments: Sequence[Assignment]) -> None:
    """Refuse the lead's feedback while a support has neither fed back nor stated its absence, naming which."""
    missing = [one for one in live(assignments) if one.part is Part.SUPPORT and not one.done]
    if missing:
        raise Conflict("supports-missing", departments="、".join(one.department_name for one in missing))


def begun(case: Case, now: datetime) -> tuple[tuple[Case, ...], tuple[CaseStartedV1, ...]]:
    """The case in progress (处置中) and its announcement; nothing if it was in progress already."""
    started = case.begin()
    if started is case:
        return (), ()
    return (started,), (CaseStartedV1(case.id, case.round, now),)


def handed_over(
    case: Case, assignments: Sequence[Assignment], now: datetime
) -> tuple[tuple[Case, ...], tuple[CaseFedBackV1, ...]]:
    """The case to verify (待核查) and its announcement, once nobody has anything more to do; nothing before."""
    if not all(one.done for one in live(assignments)):
        return (), ()
    event = CaseFedBackV1(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        category=case.category,
        place=case.place,
        summary=case.summary,
        summons=summons_of(assignments),
        handlers=tuple(sorted({person for one in assignments for person in one.handlers})),
        author=case.author,
        tracking_digest=case.tracking_digest,
        round=case.round,
        fed_back_at=now,
    )
    return (case.hand_over(),), (event,)
