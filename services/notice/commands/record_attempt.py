"""Note what came of sending a notice (投递结果): it is done, is tried again later, or is given up."""

from uuid import UUID

from msgspec import Struct

from services.notice.domain.delivery import Delivery, State
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Observation, Outcome, one

OUTCOMES = {State.DELIVERED: "delivered", State.WAITING: "failed", State.GIVEN_UP: "given_up"}


class RecordAttempt(Struct, frozen=True):
    """The sender tried; `said` is what the channel answered, `for_good` that no other attempt makes sense."""

    delivery_id: UUID
    ok: bool
    said: str
    for_good: bool = False
    actor: Actor = SYSTEM


def needs(command: RecordAttempt) -> Needs:
    """The delivery alone."""
    yield one(Delivery, command.delivery_id)


def decide(command: RecordAttempt, loaded: Loaded, context: Context) -> Outcome:
    """The attempt is noted; one that ended already, as two senders may have tried, stays as it is."""
    delivery = loaded.one(Delivery, command.delivery_id)
    context.allow(command)
    if delivery.state is not State.WAITING:
        return NOTHING
    after = delivery.attempted(command.ok, command.said, context.now, for_good=command.for_good)
    observation = Observation("notice_attempts", (delivery.kind.value, OUTCOMES[after.state]))
    return Outcome(changed=(after,), result=after, observed=(observation,))
