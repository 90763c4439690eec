"""A department replies to an order (督办回复), which stops its clock."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.dossier import Dossier, acted, order_needs
from services.supervision.domain.order import Order
from shared.contracts.supervision import OrderAnsweredV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class AnswerOrder(Struct, frozen=True):
    """What the department has to say; late, too."""

    order_id: UUID
    text: str
    actor: Actor
    version: int | None = None


def needs(command: AnswerOrder) -> Needs:
    yield from order_needs(command.order_id)


def decide(command: AnswerOrder, loaded: Loaded, context: Context) -> Outcome:
    order = loaded.one(Order, command.order_id)
    context.allow(command, order.scope)
    expect_version(order, command.version)
    by, now = command.actor.id, context.now
    answered = order.answer(by, now, command.text)
    event = OrderAnsweredV1(order.case_id, order.id, order.department, order.audience, by, now, command.text)
    return acted(Dossier(order.case_id, loaded, context), loaded, [event], changed=(answered,), result=answered)
