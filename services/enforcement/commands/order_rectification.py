"""Order somebody to rectify (责令改正) until a day."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.record import Record
from services.enforcement.domain.values import Order
from shared.contracts.enforcement import RectificationOrderedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class OrderRectification(Struct, frozen=True):
    """`party` is whom it is addressed to (当事人); `until` is the last day, today or later."""

    record_id: UUID
    party: str
    text: str
    until: date
    actor: Actor
    version: int | None = None


def needs(command: OrderRectification) -> Needs:
    yield one(Record, command.record_id)


def decide(command: OrderRectification, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    ordered = record.order(Order(command.party, command.text, command.until, command.actor.id, context.now))
    event = RectificationOrderedV1(
        case_id=record.case_id,
        record_id=record.id,
        assignment_id=record.assignment_id,
        department=record.department,
        until=command.until,
        ordered_by=command.actor.id,
        ordered_at=context.now,
    )
    return Outcome(changed=(ordered,), events=(event,), result=ordered)
