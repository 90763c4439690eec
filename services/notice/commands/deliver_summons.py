"""Deliver a whistle's summonses (送达) to the inboxes of all departments at once."""

from msgspec import Struct

from services.notice.commands._telling import choices_of_officers, with_officers_told
from services.notice.domain.summons import Summons
from shared.contracts.dispatch import CaseDispatchedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome


class DeliverSummons(Struct, frozen=True):
    """Dispatch announced the assignments of a whistle."""

    event: CaseDispatchedV1
    actor: Actor = SYSTEM


def needs(command: DeliverSummons) -> Needs:
    """No summons: assignments come into being with this event, and no event takes effect twice."""
    yield choices_of_officers(one.department for one in command.event.summons)


def decide(command: DeliverSummons, loaded: Loaded, context: Context) -> Outcome:
    """One inbox row for each assignment, one event for all of them, and a notice to each officer."""
    context.allow(command)
    event, now = command.event, context.now
    delivered = tuple(Summons.delivered(event, one, event.dispatched_at, now) for one in event.summons)
    announced = SummonsDeliveredV1(event.case_id, tuple(one.id for one in delivered), now)
    return with_officers_told(Outcome(new=delivered, events=(announced,)), delivered, loaded, context)
