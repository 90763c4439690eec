"""One whistle summons every responsible department at once (派单)."""

from msgspec import Struct

from services.dispatch.domain.case import Case
from services.dispatch.domain.summoning import called_by_table, dispatched, summon
from services.dispatch.domain.town import TOWN_NEEDS, town_of
from services.dispatch.domain.transitions import CaseState
from shared.contracts.dispatch import DispatchAwaitedV1
from shared.contracts.intake import CaseWhistledV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one
from shared.errors import AppError


class DispatchCase(Struct, frozen=True):
    """The whistle was blown; where the responsibility table does not say who leads and supports, somebody must."""

    whistle: CaseWhistledV1
    actor: Actor = SYSTEM


def needs(command: DispatchCase) -> Needs:
    yield one(Case, command.whistle.case_id)
    yield from TOWN_NEEDS


def decide(command: DispatchCase, loaded: Loaded, context: Context) -> Outcome:
    whistle = command.whistle
    context.allow(command)
    if loaded.find(Case, whistle.case_id):
        return NOTHING
    case = Case.whistled(whistle, CaseState.DISPATCHED, context.now)
    try:
        called, limits = called_by_table(town_of(loaded), case)
    except AppError as unanswered:
        return _await(whistle, unanswered.slug, context)
    assignments = summon(case, called, limits, context)
    announced = dispatched(case, assignments, command.actor.id, context.now)
    return Outcome(new=(case, *assignments), events=(announced,))


def _await(whistle: CaseWhistledV1, reason: str, context: Context) -> Outcome:
    awaited = DispatchAwaitedV1(whistle.case_id, whistle.category, whistle.place.area, reason, context.now)
    return Outcome(new=(Case.whistled(whistle, CaseState.AWAITING, None),), events=(awaited,))
