"""Record a login (登录): the door compared the password, here it takes effect on the account."""

from msgspec import Struct

from services.directory.domain.person import Person
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, one
from shared.errors import Unauthenticated


class RecordLogin(Struct, frozen=True):
    """Somebody gave the right password for this login, or a wrong one."""

    login: str
    correct: bool
    actor: Actor = SYSTEM


def needs(command: RecordLogin) -> Needs:
    yield one(Person, command.login)


def decide(command: RecordLogin, loaded: Loaded, context: Context) -> Outcome:
    """A failure is a result, not a refusal: it has to be written down. A locked or suspended account is refused."""
    context.allow(command)
    person = loaded.find(Person, command.login)
    if person is None:
        raise Unauthenticated("wrong-credentials")
    after = person.log_in(context.now) if command.correct else person.fail_login(context.now)
    return Outcome(changed=() if after is person else (after,), result=after)
