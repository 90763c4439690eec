"""A dispute is justified (改派): another department is summoned in its place, the first keeps its record."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Part
from services.dispatch.domain.summoning import (
    Called,
    expect_not_summoned,
    find_department,
    find_lead,
    limits_for,
    summon,
    summons_changed,
)
from services.dispatch.domain.town import TOWN_NEEDS, Department, town_of
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import after, assignments_of, live, sisters_needs
from shared.contracts.dispatch import DisputeRuledV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RerouteAssignment(Struct, frozen=True):
    """The street or the district rules that `department` takes over this part, with clocks of its own."""

    assignment_id: UUID
    department: str
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: RerouteAssignment) -> Needs:
    yield from sisters_needs(command.assignment_id)
    yield from TOWN_NEEDS


def decide(command: RerouteAssignment, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    case.check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    rerouted = assignment.reroute(by, now, command.reason)
    town = town_of(loaded)
    find = find_lead if assignment.part is Part.LEAD else find_department
    department = find(town, case, command.department, "department")
    before = assignments_of(loaded, case)
    promoted = _promoted(assignment, department, before)
    withdrawn = tuple(one.withdraw(by, now, command.reason) for one in promoted)
    expect_not_summoned(after(before, *withdrawn), department)
    added = summon(case, (Called(department, assignment.part),), limits_for(town, case), context)
    ruled = DisputeRuledV1(
        case_id=case.id,
        assignment_id=rerouted.id,
        department=rerouted.department,
        rerouted_to=department.code,
        new_assignment_id=added[0].id,
        reason=command.reason,
        ruled_by=by,
        ruled_at=now,
    )
    ended = (rerouted, *withdrawn)
    present = after(before, *ended, *added)
    renewed = summons_changed(case, present, added=added, removed=ended, reason=command.reason, by=by, now=now)
    return Outcome(new=added, changed=ended, events=(ruled, renewed), result=rerouted)


def _promoted(assignment: Assignment, department: Department, sisters: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """The support that becomes lead: its part as a support ends, so that it is summoned anew as lead."""
    if assignment.part is not Part.LEAD:
        return ()
    return tuple(one for one in live(sisters) if one.department == department.code and one.part is Part.SUPPORT)
