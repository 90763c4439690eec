"""A reply will not do (退回回复): another is due by a new time, and the clock starts again."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.dossier import Dossier, acted, order_needs
from services.supervision.domain.order import Order
from services.supervision.domain.ordering import expect_ahead, expect_level, people_of
from shared.contracts.supervision import OrderReturnedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RejectOrder(Struct, frozen=True):
    """By the level that ordered, with the reason."""

    order_id: UUID
    reason: str
    reply_by: datetime
    actor: Actor
    version: int | None = None


def needs(command: RejectOrder) -> Needs:
    yield from order_needs(command.order_id)


def decide(command: RejectOrder, loaded: Loaded, context: Context) -> Outcome:
    order = loaded.one(Order, command.order_id)
    context.allow(command, order.scope)
    expect_version(order, command.version)
    expect_level(order, command.actor)
    expect_ahead(command.reply_by, context.now)
    by, now = command.actor.id, context.now
    rejected = order.reject(by, now, command.reason, command.reply_by)
    event = OrderReturnedV1(
        case_id=order.case_id,
        order_id=order.id,
        assignment_id=order.assignment_id,
        department=order.department,
        reason=command.reason,
        reply_by=command.reply_by,
        audience=people_of(order.department),
        returned_by=by,
        returned_at=now,
    )
    return acted(Dossier(order.case_id, loaded, context), loaded, [event], changed=(rejected,), result=rejected)
