"""Return a request for a whistle, to be completed (退回补正)."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._review import needs_of, reviewed
from services.intake.domain.case import Review, Ruling
from shared.contracts.intake import CaseReturnedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class ReturnCase(Struct, frozen=True):
    """`reason` says what is missing."""

    case_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ReturnCase) -> Needs:
    """The case under review."""
    yield from needs_of(command)


def decide(command: ReturnCase, loaded: Loaded, context: Context) -> Outcome:
    """Back at the community."""
    found = reviewed(command, loaded, context)
    reason = found.masked(command.reason)
    case = found.case.give_back(Review(Ruling.RETURNED, command.actor.id, context.now, reason))
    event = CaseReturnedV1(case.id, reason, command.actor.id, context.now)
    return Outcome(changed=(case,), events=(event,), result=case)
