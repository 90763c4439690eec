"""Keep what a department fed back (反馈), so that verifier and resident can read what was done."""

from msgspec import Struct

from services.closure.domain.feedback import Feedback
from shared.contracts.dispatch import AssignmentFedBackV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class KeepFeedback(Struct, frozen=True):
    """Dispatch announced a department's feedback."""

    event: AssignmentFedBackV1
    actor: Actor = SYSTEM


def needs(command: KeepFeedback) -> Needs:
    """The assignment's earlier feedback, if it is rework."""
    yield one(Feedback, command.event.assignment_id)


def decide(command: KeepFeedback, loaded: Loaded, context: Context) -> Outcome:
    """The newest feedback takes the place of the one before."""
    context.allow(command)
    before = loaded.find(Feedback, command.event.assignment_id)
    if before is None:
        return Outcome(new=(Feedback.of(command.event),))
    return Outcome(changed=(before.renewed(command.event),))
