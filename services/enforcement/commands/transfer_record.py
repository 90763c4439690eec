"""Transfer a record (移送): the matter is not on the team's list and goes to another department."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.announcing import concluded
from services.enforcement.domain.record import Record
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, expect_version, one
from shared.errors import Invalid

DEPARTMENTS = "departments"


class TransferRecord(Struct, frozen=True):
    """`to` is the code of the department that takes it over."""

    record_id: UUID
    to: str
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: TransferRecord) -> Needs:
    yield one(Record, command.record_id)
    yield Reference(DEPARTMENTS)


def decide(command: TransferRecord, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    ended = record.transfer(command.to, command.reason, command.actor.id, context.now)
    if all(row["code"] != command.to for row in loaded.reference(DEPARTMENTS)):
        raise Invalid(fields={"to": ["Is no department."]})
    return Outcome(changed=(ended,), events=(concluded(ended),), result=ended)
