"""Conclude a record (了结): nothing was found, or it was rectified."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.announcing import concluded
from services.enforcement.domain.record import Record
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class ConcludeRecord(Struct, frozen=True):
    record_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ConcludeRecord) -> Needs:
    yield one(Record, command.record_id)


def decide(command: ConcludeRecord, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    ended = record.conclude(command.reason, command.actor.id, context.now)
    return Outcome(changed=(ended,), events=(concluded(ended),), result=ended)
