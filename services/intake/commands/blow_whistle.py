"""Blow the whistle (吹哨): every responsible department will be summoned."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._handover import given_away, whistled
from services.intake.commands._review import needs_of, reviewed
from services.intake.domain.case import Review, Ruling
from services.intake.domain.progress import Progress, Stage
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one


class BlowWhistle(Struct, frozen=True):
    """The only review that needs no reason."""

    case_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: BlowWhistle) -> Needs:
    """The case under review, and its progress if it was given away before."""
    yield from needs_of(command)
    yield one(Progress, command.case_id)


def decide(command: BlowWhistle, loaded: Loaded, context: Context) -> Outcome:
    """Whistled, and unconfirmed until dispatch tells of it."""
    case = reviewed(command, loaded, context).case
    blown = case.blow(Review(Ruling.BLOWN, command.actor.id, context.now))
    return given_away(blown, whistled(blown, command.actor.id), Stage.SUMMONING, loaded, context)
