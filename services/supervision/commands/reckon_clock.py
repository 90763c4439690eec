"""A clock's due time by a calendar that has become known (重算): what was provisional becomes certain, or moves."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.policies import POLICIES_NEEDS, policies_of
from services.supervision.domain.transitions import ClockAction
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class ReckonClock(Struct, frozen=True):
    """Another year was gazetted."""

    case_id: UUID
    clock_id: UUID
    actor: Actor = SYSTEM


def needs(command: ReckonClock) -> Needs:
    yield one(CaseFile, command.case_id)
    yield one(Clock, command.clock_id)
    yield from POLICIES_NEEDS


def decide(command: ReckonClock, loaded: Loaded, context: Context) -> Outcome:
    clock = loaded.one(Clock, command.clock_id)
    dossier = Dossier(command.case_id, loaded, context)
    context.allow(command, dossier.file.scope)
    if not clock.can(ClockAction.RECKON):
        return NOTHING
    reckoned = clock.reckon(context.now, policies_of(loaded).calendar)
    if reckoned is clock:
        return NOTHING
    dossier.keep(changed=[(clock, reckoned)])
    return dossier.outcome(result=reckoned)
