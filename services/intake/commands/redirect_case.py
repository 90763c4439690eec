"""Point to the channel that the law keeps for this (转法定途径): litigation, petition, the police …"""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._review import needs_of, reviewed
from services.intake.domain.case import Review, Ruling, Statutory
from shared.contracts.intake import CaseRedirectedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class RedirectCase(Struct, frozen=True):
    """`reason` is what the reporter will read."""

    case_id: UUID
    channel: Statutory
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: RedirectCase) -> Needs:
    """The case under review."""
    yield from needs_of(command)


def decide(command: RedirectCase, loaded: Loaded, context: Context) -> Outcome:
    """The end of it here."""
    found = reviewed(command, loaded, context)
    reason = found.masked(command.reason)
    review = Review(Ruling.REDIRECTED, command.actor.id, context.now, reason, command.channel)
    case = found.case.redirect(review)
    event = CaseRedirectedV1(case.id, command.channel, reason, command.actor.id, context.now)
    return Outcome(changed=(case,), events=(event,), result=case)
