"""Reinstate a suspended account (恢复账号)."""

from msgspec import Struct

from services.directory.domain.person import Person
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class ReinstateAccount(Struct, frozen=True):
    """Somebody may log in again, for this reason."""

    person_id: str
    actor: Actor
    reason: str
    version: int | None = None


def needs(command: ReinstateAccount) -> Needs:
    yield one(Person, command.person_id)


def decide(command: ReinstateAccount, loaded: Loaded, context: Context) -> Outcome:
    person = loaded.one(Person, command.person_id)
    context.allow(command, person.scope)
    expect_version(person, command.version)
    reinstated = person.reinstate(command.actor.id, context.now, command.reason)
    return Outcome(changed=(reinstated,), result=reinstated)
