"""Open a summons (阅读): the first reading by the department's officer is noted and announced."""

from uuid import UUID

from msgspec import Struct

from services.notice.domain.summons import Summons
from shared.contracts.notice import SummonsReadV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class ReadSummons(Struct, frozen=True):
    """Somebody of the department opens it."""

    assignment_id: UUID
    actor: Actor


def needs(command: ReadSummons) -> Needs:
    """The summons alone."""
    yield one(Summons, command.assignment_id)


def decide(command: ReadSummons, loaded: Loaded, context: Context) -> Outcome:
    """Read; a later reading changes nothing."""
    summons = loaded.one(Summons, command.assignment_id)
    context.allow(command, summons.scope)
    read = summons.read(command.actor.id, context.now)
    if read is summons:
        return Outcome(result=summons)
    event = SummonsReadV1(summons.case_id, summons.id, summons.department, command.actor.id, context.now)
    return Outcome(changed=(read,), events=(event,), result=read)
