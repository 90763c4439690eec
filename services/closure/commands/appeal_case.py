"""Appeal against the closing of one's own case (居民申诉): the resident, by tracking code."""

from msgspec import Struct

from services.closure.domain.appealing import appeal
from services.closure.domain.case import Case
from services.closure.domain.loading import case_of_reporter
from services.closure.domain.reporter import Reporter
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class AppealCase(Struct, frozen=True):
    """`actor` is the resident, whose id is the SHA-256 digest (hex) of their tracking code."""

    actor: Actor
    reason: str


def needs(command: AppealCase) -> Needs:
    """Their case with everybody else who reported it."""
    yield from case_of_reporter(command.actor.id)


def decide(command: AppealCase, loaded: Loaded, context: Context) -> Outcome:
    """The lead's part is reopened: a resident cannot know who did what."""
    reporter = loaded.one(Reporter, command.actor.id)
    case = loaded.one(Case, reporter.case_id)
    context.allow(command, case.scope(author=reporter.id))
    return appeal(case, reporter, (), command.reason, context.now)
