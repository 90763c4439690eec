"""A case's due times by a calendar that has become known (重算): what was provisional becomes certain, or moves."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.dossier import Dossier, dossier_needs
from services.supervision.domain.policies import POLICIES_NEEDS, policies_of
from services.supervision.domain.transitions import ClockAction
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome


class ReckonClocks(Struct, frozen=True):
    """Another year was gazetted."""

    case_id: UUID
    actor: Actor = SYSTEM


def needs(command: ReckonClocks) -> Needs:
    yield from dossier_needs(command.case_id)
    yield from POLICIES_NEEDS


def decide(command: ReckonClocks, loaded: Loaded, context: Context) -> Outcome:
    before = loaded.one(CaseClocks, command.case_id)
    dossier = Dossier(command.case_id, loaded, context)
    context.allow(command, dossier.file.scope)
    calendar = policies_of(loaded).calendar
    after = tuple(
        one.reckon(context.now, calendar) if one.provisional and one.can(ClockAction.RECKON) else one
        for one in before.clocks
    )
    if after == before.clocks:
        return NOTHING
    dossier.keep(before.set(after))
    return dossier.outcome(result=after)
