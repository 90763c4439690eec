"""Let an officer step back from a record (回避, 行政处罚法 43), perhaps for another."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.officers import OFFICERS, choose
from services.enforcement.domain.record import Record
from services.enforcement.domain.values import Recusal
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, expect_version, one


class RecuseOfficer(Struct, frozen=True):
    """`replacement` is the officer who takes over, None for nobody."""

    record_id: UUID
    officer: str
    reason: str
    replacement: str | None
    actor: Actor
    version: int | None = None


def needs(command: RecuseOfficer) -> Needs:
    yield one(Record, command.record_id)
    yield Reference(OFFICERS)


def decide(command: RecuseOfficer, loaded: Loaded, context: Context) -> Outcome:
    record = loaded.one(Record, command.record_id)
    context.allow(command, record.scope)
    record.expect_officer(command.actor.id)
    expect_version(record, command.version)
    named = (command.replacement,) if command.replacement else ()
    chosen = choose(loaded.reference(OFFICERS), record.department, named, "replacement")
    recusal = Recusal(command.officer, command.reason, command.actor.id, context.now)
    recused = record.recuse(recusal, chosen[0] if chosen else None)
    return Outcome(changed=(recused,), result=recused)
