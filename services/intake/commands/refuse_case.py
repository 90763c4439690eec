"""Refuse to whistle (不予吹哨)."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._review import needs_of, reviewed
from services.intake.domain.case import Review, Ruling
from shared.contracts.intake import CaseRefusedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class RefuseCase(Struct, frozen=True):
    """`reason` is what the reporter will read."""

    case_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: RefuseCase) -> Needs:
    """The case under review."""
    yield from needs_of(command)


def decide(command: RefuseCase, loaded: Loaded, context: Context) -> Outcome:
    """The end of it."""
    found = reviewed(command, loaded, context)
    reason = found.masked(command.reason)
    case = found.case.refuse(Review(Ruling.REFUSED, command.actor.id, context.now, reason))
    event = CaseRefusedV1(case.id, reason, command.actor.id, context.now)
    return Outcome(changed=(case,), events=(event,), result=case)
