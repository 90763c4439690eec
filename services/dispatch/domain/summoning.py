"""Summoning departments (派遣): who may be summoned, and the assignment that each of them gets."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Limit, Part
from services.dispatch.domain.town import Department, Limits, Town
from services.dispatch.domain.whole_case import live, summons_of
from shared.contracts.dispatch import CaseDispatchedV1, SummonsChangedV1
from shared.engine.work import Context, contains
from shared.errors import Conflict, Invalid


class Matter(Protocol):
    """What decides who is summoned and how long they have: a case has it, and so has one that is only asked about."""

    @property
    def kind(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def area(self) -> str: ...


class Called(NamedTuple):
    """A department and the part it is called for."""

    department: Department
    part: Part


def find_department(town: Town, case: Matter, code: str, field: str) -> Department:
    """The department with this code, if it answers for where the case lies; `field` names the offending input."""
    found = town.departments.get(code)
    if found is None:
        raise Invalid("department-unknown", fields={field: ("Is no department.",)}, department=code)
    if not contains(found.area, case.area):
        wrong = {field: ("This department does not answer for the place.",)}
        raise Invalid("department-elsewhere", fields=wrong, department=found.name)
    return found


def find_lead(town: Town, case: Matter, code: str, field: str) -> Department:
    """As `find_department`, for the lead: never the community for what is not on its list (接诉即办条例 17)."""
    found = find_department(town, case, code, field)
    if not town.may_lead(found, case.category):
        wrong = {field: ("The community may not lead here.",)}
        raise Invalid("community-may-not-lead", fields=wrong, department=found.name)
    return found


def limits_for(town: Town, case: Matter) -> Limits:
    """Closing and signing limit of this case's assignments."""
    found = town.limits.get((case.category, case.kind))
    if found is None:
        raise Conflict("limits-unknown", category=case.category, kind=case.kind)
    return found


def called_for(town: Town, case: Matter, lead: str, supports: Sequence[str]) -> tuple[Called, ...]:
    """These departments with their parts: exactly one lead, each department once."""
    if len({lead, *supports}) <= len(supports):
        raise Invalid("summoned-twice", fields={"supports": ("Names a department twice.",)})
    return (
        Called(find_lead(town, case, lead, "lead"), Part.LEAD),
        *(Called(find_department(town, case, code, "supports"), Part.SUPPORT) for code in supports),
    )


def called_by_table(town: Town, case: Matter) -> tuple[tuple[Called, ...], Limits]:
    """Whom the responsibility table names, and their limits; refused where it names nobody, or nobody who may."""
    row = town.responsible(case.category, case.area)
    if row is None:
        raise Conflict("nobody-responsible", category=case.category, area=case.area)
    return called_for(town, case, row.lead, row.supports), limits_for(town, case)


def summon(case: Case, called: Iterable[Called], limits: Limits, context: Context) -> tuple[Assignment, ...]:
    """A new assignment for each department; its clocks start now (the clock starts at dispatch, not at signing)."""
    first = (Limit(limits.close, "dispatch", context.now),)
    return tuple(
        Assignment(
            id=context.new_id(f"assignment:{department.code}"),
            case_id=case.id,
            area=case.area,
            department=department.code,
            department_name=department.name,
            part=part,
            limit_minutes=limits.close,
            signing_limit_minutes=limits.sign,
            limits=first,
            dispatched_at=context.now,
            clock_from=context.now,
            round=case.round,
        )
        for department, part in called
    )


def expect_not_summoned(assignments: Sequence[Assignment], department: Department) -> None:
    """Refuse a department that already takes part."""
    if any(one.department == department.code for one in live(assignments)):
        raise Conflict("already-summoned", department=department.name)


def dispatched(case: Case, assignments: Sequence[Assignment], by: str, now: datetime) -> CaseDispatchedV1:
    """One whistle created all assignments at once (派单)."""
    return CaseDispatchedV1(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        category=case.category,
        place=case.place,
        summary=case.summary,
        summons=summons_of(assignments),
        dispatched_by=by,
        dispatched_at=now,
        ongoing=case.ongoing,
    )


def summons_changed(
    case: Case,
    assignments: Sequence[Assignment],
    *,
    added: Sequence[Assignment],
    removed: Sequence[Assignment] = (),
    reason: str,
    by: str,
    now: datetime,
) -> SummonsChangedV1:
    """Who is summoned changed: `assignments` as they are now, and which of them were added or removed."""
    return SummonsChangedV1(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        category=case.category,
        place=case.place,
        summary=case.summary,
        summons=summons_of(assignments),
        added=tuple(one.id for one in added),
        removed=tuple(one.id for one in removed),
        reason=reason,
        changed_by=by,
        changed_at=now,
        ongoing=case.ongoing,
    )
