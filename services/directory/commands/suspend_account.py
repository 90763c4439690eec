"""Suspend an account (停用账号)."""

from msgspec import Struct

from services.directory.domain.person import Person
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Conflict


class SuspendAccount(Struct, frozen=True):
    """Somebody may not log in any more, for this reason."""

    person_id: str
    actor: Actor
    reason: str
    version: int | None = None


def needs(command: SuspendAccount) -> Needs:
    yield one(Person, command.person_id)


def decide(command: SuspendAccount, loaded: Loaded, context: Context) -> Outcome:
    person = loaded.one(Person, command.person_id)
    context.allow(command, person.scope)
    expect_version(person, command.version)
    if person.id == command.actor.id:
        raise Conflict("own-account")
    suspended = person.suspend(command.actor.id, context.now, command.reason)
    return Outcome(changed=(suspended,), result=suspended)
