"""Register a case (登记) that came to the community or the street."""

from msgspec import Struct

from services.intake.commands._report import Registration, Report, needs_of, register
from services.intake.domain.case import Channel
from services.intake.domain.numbers import Numbers, numbers_needed
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class RegisterCase(Struct, frozen=True):
    """The door draws `numbers` and `tracking_code`."""

    report: Report
    channel: Channel
    numbers: Numbers
    tracking_code: str
    actor: Actor


def needs(command: RegisterCase) -> Needs:
    """The town, the files that are named, and the numbers."""
    yield from needs_of(command.report.attachments)
    yield from numbers_needed(command.numbers)


def decide(command: RegisterCase, loaded: Loaded, context: Context) -> Outcome:
    """A draft in the clerk's own area."""
    by = Registration(command.channel, command.actor.id, command.numbers, command.tracking_code)
    outcome = register(command.report, by, loaded, context)
    context.allow(command, outcome.result.case.scope)
    return outcome
