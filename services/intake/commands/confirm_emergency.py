"""Review an emergency whistle afterwards (应急补审), within 30 minutes by default."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._review import needs_of, reviewed
from services.intake.domain.case import Review, Ruling
from shared.contracts.intake import EmergencyConfirmedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome
from shared.errors import Invalid


class ConfirmEmergency(Struct, frozen=True):
    """`upheld` says whether it was an emergency; if not, `reason` says why."""

    case_id: UUID
    upheld: bool
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ConfirmEmergency) -> Needs:
    """The case."""
    yield from needs_of(command)


def decide(command: ConfirmEmergency, loaded: Loaded, context: Context) -> Outcome:
    """Noted; the departments go on either way, until somebody voids it."""
    found = reviewed(command, loaded, context)
    if not command.upheld and not command.reason:
        raise Invalid(fields={"reason": ["Say why it was no emergency."]})
    reason = found.masked(command.reason)
    outcome = Ruling.UPHELD if command.upheld else Ruling.NOT_UPHELD
    case = found.case.confirm(Review(outcome, command.actor.id, context.now, reason))
    event = EmergencyConfirmedV1(case.id, command.actor.id, command.upheld, reason, context.now)
    return Outcome(changed=(case,), events=(event,), result=case)
