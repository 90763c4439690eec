"""Take a case up again because its reporter says that it is not solved (未解决)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.intake.domain.case import Case
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import State
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class ReopenCase(Struct, frozen=True):
    """`at` is when the reporter's answer was noted."""

    case_id: UUID
    at: datetime
    actor: Actor = SYSTEM


def needs(command: ReopenCase) -> Needs:
    """The case and its progress."""
    yield one(Case, command.case_id)
    yield one(Progress, command.case_id)


def decide(command: ReopenCase, loaded: Loaded, context: Context) -> Outcome:
    """What the community solved itself is its own again; what was whistled, dispatch takes up with the departments."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    progress = loaded.one(Progress, case.id)
    followed = progress.follow(Stage.REWORK, None, command.at)
    seen = () if followed is progress else (followed,)
    if case.state is State.SELF_HANDLED:
        return Outcome(changed=(case.reopen(), *seen))
    return Outcome(changed=seen)
