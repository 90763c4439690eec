"""Follow a change of who is summoned (改派, 增派): deliver, revise and withdraw accordingly."""

from msgspec import Struct

from services.notice.commands._telling import choices_of_officers, with_officers_told
from services.notice.domain.summons import Summons
from services.notice.domain.transitions import State
from shared.contracts.dispatch import SummonsChangedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


class ChangeSummons(Struct, frozen=True):
    """Dispatch announced the whole new list."""

    event: SummonsChangedV1
    actor: Actor = SYSTEM


def needs(command: ChangeSummons) -> Needs:
    """Every summons of the case so far, and what the officers of all its departments chose."""
    event = command.event
    yield many(Summons, "case_id", event.case_id)
    yield choices_of_officers(one.department for one in event.summons)


def decide(command: ChangeSummons, loaded: Loaded, context: Context) -> Outcome:
    """New rows for the added, announced together; the removed are shown as withdrawn."""
    context.allow(command)
    event, now = command.event, context.now
    known = {one.id: one for one in loaded.many(Summons, "case_id", event.case_id)}
    added = tuple(
        Summons.delivered(event, one, event.changed_at, now) for one in event.summons if one.assignment_id not in known
    )
    revised = [known[one.assignment_id].revised(event, one) for one in event.summons if one.assignment_id in known]
    removed = [
        known[id].withdrawn(event.reason, now)
        for id in event.removed
        if id in known and known[id].state is not State.WITHDRAWN
    ]
    changes = tuple(one for one in (*revised, *removed) if one is not known[one.id])
    announced = (SummonsDeliveredV1(event.case_id, tuple(one.id for one in added), now),) if added else ()
    return with_officers_told(Outcome(new=added, changed=changes, events=announced), added, loaded, context)
