"""Take in the reporters of a case that was merged into this one (合并): every one of them is called back."""

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.reporter import Reporter, reporter_id
from shared.contracts.intake import CaseAbsorbedV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many, one


class AbsorbCase(Struct, frozen=True):
    """Intake announced the merge; the case itself may not have been handed over yet."""

    event: CaseAbsorbedV1
    actor: Actor = SYSTEM


def needs(command: AbsorbCase) -> Needs:
    """The case, if it is here, and whoever belonged to the absorbed one."""
    event = command.event
    yield one(Case, event.case_id)
    yield one(Reporter, reporter_id(event.tracking_digest, event.absorbed))
    yield many(Reporter, "case_id", event.absorbed)


def decide(command: AbsorbCase, loaded: Loaded, context: Context) -> Outcome:
    """The absorbed case's reporters join this one; a closed case is called back once more."""
    context.allow(command)
    event = command.event
    first = reporter_id(event.tracking_digest, event.absorbed)
    joining = {one.id: one for one in loaded.many(Reporter, "case_id", event.absorbed)}
    known = loaded.find(Reporter, first)
    new = () if known else (Reporter(first, event.case_id, event.absorbed),)
    moved = tuple(one.joined(event.case_id) for one in joining.values())
    case = loaded.find(Case, event.case_id)
    return Outcome(new=new, changed=(*moved, *((case.absorbed(),) if case else ())))
