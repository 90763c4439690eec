"""Change one's own password (修改密码)."""

from dataclasses import dataclass, field

from services.directory.domain.person import Person
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The actor's new password by its hash; the door has compared the old one."""

    actor: Actor
    password_hash: str = field(repr=False)


def needs(command: ChangePassword) -> Needs:
    yield one(Person, command.actor.id)


def decide(command: ChangePassword, loaded: Loaded, context: Context) -> Outcome:
    person = loaded.one(Person, command.actor.id)
    context.allow(command, person.scope)
    after = person.change_password(command.password_hash, context.now)
    return Outcome(changed=(after,), result=after)
