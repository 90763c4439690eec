"""Record an on-site check (现场检查): who was there, that certificates were shown (行政处罚法 55), what was found."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.record import Record
from services.enforcement.domain.values import Check, Spot, Visit
from shared.contracts.enforcement import RecordCheckedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Invalid


class RecordCheck(Struct, frozen=True):
    """`present` are the officers of the record who were there; `at` is when, None for just now."""

    record_id: UUID
    findings: str
    violation: bool
    certificates_shown: bool
    present: tuple[str, ...]
    spot: Spot
    at: datetime | None
    actor: Actor
    version: int | None = None


def needs(command: RecordCheck) -> Needs:
    yield one(Record, command.record_id)


def decide(command: RecordCheck, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    check = Check(
        visit=Visit(command.at or context.now, command.spot, command.present),
        findings=command.findings,
        violation=command.violation,
        recorded_by=command.actor.id,
        recorded_at=context.now,
    )
    checked = record.check(check)
    if not command.certificates_shown:
        raise Invalid("certificates-not-shown", fields={"certificates_shown": ["Must be true."]})
    event = RecordCheckedV1(
        case_id=record.case_id,
        record_id=record.id,
        assignment_id=record.assignment_id,
        department=record.department,
        violation=check.violation,
        checked_by=check.recorded_by,
        checked_at=check.visit.at,
    )
    return Outcome(changed=(checked,), events=(event,), result=checked)
