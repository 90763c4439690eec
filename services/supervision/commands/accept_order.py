"""Whoever supervises is content with the reply (认可回复)."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.dossier import Dossier, acted, order_needs
from services.supervision.domain.order import Order
from services.supervision.domain.ordering import expect_level, people_of
from shared.contracts.supervision import OrderAcceptedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class AcceptOrder(Struct, frozen=True):
    """By the level that ordered."""

    order_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: AcceptOrder) -> Needs:
    yield from order_needs(command.order_id)


def decide(command: AcceptOrder, loaded: Loaded, context: Context) -> Outcome:
    order = loaded.one(Order, command.order_id)
    context.allow(command, order.scope)
    expect_version(order, command.version)
    expect_level(order, command.actor)
    by, now = command.actor.id, context.now
    accepted = order.accept(by, now)
    event = OrderAcceptedV1(order.case_id, order.id, order.department, people_of(order.department), by, now)
    return acted(Dossier(order.case_id, loaded, context), loaded, [event], changed=(accepted,), result=accepted)
