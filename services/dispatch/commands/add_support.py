"""Another department is called to help (增派协办), also while the case is in progress."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Part
from services.dispatch.domain.summoning import (
    Called,
    expect_not_summoned,
    find_department,
    limits_for,
    summon,
    summons_changed,
)
from services.dispatch.domain.town import TOWN_NEEDS, town_of
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import after, assignments_of, case_needs
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class AddSupport(Struct, frozen=True):
    """This department supports from now on; its clocks start now."""

    case_id: UUID
    department: str
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: AddSupport) -> Needs:
    yield from case_needs(command.case_id)
    yield from TOWN_NEEDS


def decide(command: AddSupport, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    case.check(CaseAction.ADD_SUPPORT)
    town = town_of(loaded)
    department = find_department(town, case, command.department, "department")
    before = assignments_of(loaded, case)
    expect_not_summoned(before, department)
    added = summon(case, (Called(department, Part.SUPPORT),), limits_for(town, case), context)
    event = summons_changed(
        case,
        after(before, *added),
        added=added,
        reason=command.reason,
        by=command.actor.id,
        now=context.now,
    )
    return Outcome(new=added, events=(event,), result=added[0])
