"""A dispatcher names who is summoned: where the table names nobody, or in place of what it named (派遣, 改正派遣)."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.summoning import (
    Called,
    called_for,
    dispatched,
    limits_for,
    summon,
    summons_changed,
)
from services.dispatch.domain.town import TOWN_NEEDS, town_of
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import after, assignments_of, case_needs, live
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version
from shared.errors import Conflict


class CorrectDispatch(Struct, frozen=True):
    """Exactly this lead and these supports are summoned; who had another part before gets a new assignment."""

    case_id: UUID
    lead: str
    supports: tuple[str, ...]
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: CorrectDispatch) -> Needs:
    yield from case_needs(command.case_id)
    yield from TOWN_NEEDS


def decide(command: CorrectDispatch, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    case.check(CaseAction.CORRECT)
    town = town_of(loaded)
    called = called_for(town, case, command.lead, command.supports)
    before = assignments_of(loaded, case)
    kept, removed = _sorted(live(before), called)
    missing = [one for one in called if one.department.code not in {had.department for had in kept}]
    if not missing and not removed:
        raise Conflict("nothing-to-correct")
    now, by = context.now, command.actor.id
    added = summon(case, missing, limits_for(town, case), context)
    withdrawn = [one.withdraw(by, now, command.reason) for one in removed]
    present = after(before, *withdrawn, *added)
    corrected = case.correct(now)
    event = (
        summons_changed(corrected, present, added=added, removed=removed, reason=command.reason, by=by, now=now)
        if before
        else dispatched(corrected, present, by, now)
    )
    return Outcome(new=added, changed=(corrected, *withdrawn), events=(event,), result=corrected)


def _sorted(present: Sequence[Assignment], called: Sequence[Called]) -> tuple[list[Assignment], list[Assignment]]:
    parts = {one.department.code: one.part for one in called}
    kept = [one for one in present if parts.get(one.department) is one.part]
    return kept, [one for one in present if one not in kept]
