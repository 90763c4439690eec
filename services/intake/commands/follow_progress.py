"""Follow how far a case has come (办理进度), as dispatch and closure tell."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.intake.domain.progress import Progress, Stage
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class FollowProgress(Struct, frozen=True):
    """`stage` began at `at`; `departments` are all that take part now. None where the event does not tell."""

    case_id: UUID
    at: datetime
    stage: Stage | None = None
    departments: tuple[str, ...] | None = None
    actor: Actor = SYSTEM


def needs(command: FollowProgress) -> Needs:
    """The case's progress."""
    yield one(Progress, command.case_id)


def decide(command: FollowProgress, loaded: Loaded, context: Context) -> Outcome:
    """The progress, if this tells something new."""
    context.allow(command)
    progress = loaded.one(Progress, command.case_id)
    followed = progress.follow(command.stage, command.departments, command.at)
    return NOTHING if followed is progress else Outcome(changed=(followed,))
