"""Report a problem oneself (居民自报), without an account: the community takes it from there."""

from msgspec import Struct

from services.intake.commands._report import Registration, Report, needs_of, register
from services.intake.domain.case import Channel
from services.intake.domain.numbers import Numbers, numbers_needed
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class ReportProblem(Struct, frozen=True):
    """The door draws `numbers` and `tracking_code`."""

    report: Report
    numbers: Numbers
    tracking_code: str
    actor: Actor


def needs(command: ReportProblem) -> Needs:
    """The town, the files that are named, and the numbers."""
    yield from needs_of(command.report.attachments)
    yield from numbers_needed(command.numbers)


def decide(command: ReportProblem, loaded: Loaded, context: Context) -> Outcome:
    """A draft that the community's clerks find in their list."""
    context.allow(command)
    by = Registration(Channel.ONLINE, command.actor.id, command.numbers, command.tracking_code)
    return register(command.report, by, loaded, context)
