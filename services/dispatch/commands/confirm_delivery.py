"""Notice reports that summonses lie in their departments' inboxes (送达)."""

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


class ConfirmDelivery(Struct, frozen=True):
    """These assignments are delivered; what is told again, or of an unknown one, changes nothing."""

    delivery: SummonsDeliveredV1
    actor: Actor = SYSTEM


def needs(command: ConfirmDelivery) -> Needs:
    yield many(Assignment, "case_id", command.delivery.case_id)


def decide(command: ConfirmDelivery, loaded: Loaded, context: Context) -> Outcome:
    delivery = command.delivery
    context.allow(command)
    undelivered = (
        one
        for one in loaded.many(Assignment, "case_id", delivery.case_id)
        if one.id in delivery.assignments and one.delivered_at is None
    )
    return Outcome(changed=tuple(one.deliver(delivery.delivered_at) for one in undelivered))
