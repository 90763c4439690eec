"""Say oneself whether it is solved (居民评价): the resident, by tracking code, without being called."""

from msgspec import Struct

from services.closure.domain.callback import Contacted, hear
from services.closure.domain.case import Case
from services.closure.domain.loading import case_of_reporter, reporters_of
from services.closure.domain.reporter import Answer, Reporter
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class GiveVerdict(Struct, frozen=True):
    """`actor` is the resident, whose id is the SHA-256 digest (hex) of their tracking code."""

    actor: Actor
    answer: Answer
    remark: str = ""


def needs(command: GiveVerdict) -> Needs:
    """Their case with everybody else who reported it."""
    yield from case_of_reporter(command.actor.id)


def decide(command: GiveVerdict, loaded: Loaded, context: Context) -> Outcome:
    """As if they had been called back: their answer closes the case or sends it to rework."""
    reporter = loaded.one(Reporter, command.actor.id)
    case = loaded.one(Case, reporter.case_id)
    context.allow(command, case.scope(author=reporter.id))
    contacted = Contacted(command.answer, command.remark, by="resident", by_resident=True)
    return hear(case, reporters_of(loaded, case.id), reporter, contacted, context.now)
