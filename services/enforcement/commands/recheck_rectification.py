"""Re-check an order (复查): rectified, or not, after which a new order may follow."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.record import Record
from services.enforcement.domain.values import Recheck, Spot, Visit
from shared.contracts.enforcement import RectificationCheckedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class RecheckRectification(Struct, frozen=True):
    """`present` are the officers of the record who were there; `at` is when, None for just now."""

    record_id: UUID
    findings: str
    rectified: bool
    present: tuple[str, ...]
    spot: Spot
    at: datetime | None
    actor: Actor
    version: int | None = None


def needs(command: RecheckRectification) -> Needs:
    yield one(Record, command.record_id)


def decide(command: RecheckRectification, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    recheck = Recheck(
        visit=Visit(command.at or context.now, command.spot, command.present),
        findings=command.findings,
        rectified=command.rectified,
        recorded_by=command.actor.id,
        recorded_at=context.now,
    )
    rechecked = record.recheck(recheck)
    event = RectificationCheckedV1(
        case_id=record.case_id,
        record_id=record.id,
        assignment_id=record.assignment_id,
        department=record.department,
        rectified=recheck.rectified,
        checked_by=recheck.recorded_by,
        checked_at=recheck.visit.at,
    )
    return Outcome(changed=(rechecked,), events=(event,), result=rechecked)
