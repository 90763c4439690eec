"""Change one's own password (修改密码)."""

from msgspec import Struct

from services.directory.domain.person import Person
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class ChangePassword(Struct, frozen=True):
    """The actor's new password by its hash; the door has compared the old one."""

    actor: Actor
    password_hash: str

    def __repr__(self) -> str:
        return f"ChangePassword({self.actor!r})"


def needs(command: ChangePassword) -> Needs:
    yield one(Person, command.actor.id)


def decide(command: ChangePassword, loaded: Loaded, context: Context) -> Outcome:
    person = loaded.one(Person, command.actor.id)
    context.allow(command, person.scope)
    after = person.change_password(command.password_hash, context.now)
    return Outcome(changed=(after,), result=after)
