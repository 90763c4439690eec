"""Open a record on an assignment (立卷): at least two officers with certificates of its department (行政处罚法 42)."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.assignment import Assignment
from services.enforcement.domain.officers import OFFICERS, choose_team
from services.enforcement.domain.record import Record
from shared.contracts.enforcement import RecordOpenedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, one


class OpenRecord(Struct, frozen=True):
    assignment_id: UUID
    officers: tuple[str, ...]
    actor: Actor


def needs(command: OpenRecord) -> Needs:
    yield one(Assignment, command.assignment_id)
    yield Reference(OFFICERS)


def decide(command: OpenRecord, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    assignment.expect_on_site()
    record = Record(
        id=context.new_id("record"),
        case_id=assignment.case_id,
        assignment_id=assignment.id,
        department=assignment.department,
        area=assignment.area,
        officers=choose_team(loaded.reference(OFFICERS), assignment.department, command.officers),
        opened_by=command.actor.id,
        opened_at=context.now,
    )
    record.expect_officer(command.actor.id)
    opened = RecordOpenedV1(
        case_id=record.case_id,
        record_id=record.id,
        assignment_id=record.assignment_id,
        department=record.department,
        officers=record.officer_ids,
        opened_at=record.opened_at,
    )
    return Outcome(new=(record,), events=(opened,), result=record)
