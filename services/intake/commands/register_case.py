"""Register a case (登记) that came to the community or the street."""

from dataclasses import dataclass

from services.intake.commands._report import Registration, Report, needs_of, register
from services.intake.domain.case import Channel
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


@dataclass(frozen=True, slots=True)
class RegisterCase:
    """The door gives `number` and `tracking_code`."""

    report: Report
    channel: Channel
    number: str
    tracking_code: str
    actor: Actor


def needs(command: RegisterCase) -> Needs:
    """The town and the files that are named."""
    yield from needs_of(command.report.attachments)


def decide(command: RegisterCase, loaded: Loaded, context: Context) -> Outcome:
    """A draft in the clerk's own area."""
    by = Registration(command.channel, command.actor.id, command.number, command.tracking_code)
    outcome = register(command.report, by, loaded, context)
    context.allow(command, outcome.result.case.scope)
    return outcome
