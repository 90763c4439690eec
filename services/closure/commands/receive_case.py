"""Take over a case that every department has fed back on (移交核查): it must be verified on site."""

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.feedback import Feedback
from services.closure.domain.loading import case_with_reporters
from services.closure.domain.reporter import Reporter, reporter_id
from services.closure.domain.transitions import State
from shared.contracts.dispatch import CaseFedBackV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, many, one


class ReceiveCase(Struct, frozen=True):
    """Dispatch announced that the handling is done, for the first time or after rework."""

    event: CaseFedBackV1
    actor: Actor = SYSTEM


def needs(command: ReceiveCase) -> Needs:
    """The case, if it was here before; its reporters; what the departments fed back."""
    event = command.event
    yield from case_with_reporters(event.case_id)
    yield one(Reporter, reporter_id(event.tracking_digest, event.case_id))
    yield many(Feedback, "case_id", event.case_id)


def decide(command: ReceiveCase, loaded: Loaded, context: Context) -> Outcome:
    """To verify, in a new round; nothing for a case that was withdrawn meanwhile."""
    context.allow(command)
    event = command.event
    case = loaded.find(Case, event.case_id)
    present = frozenset(one.id for one in loaded.many(Feedback, "case_id", event.case_id))
    if case is None:
        reporter = Reporter(reporter_id(event.tracking_digest, event.case_id), event.case_id, event.case_id)
        known = loaded.find(Reporter, reporter.id)
        return Outcome(new=(Case.received(event, present), *(() if known else (reporter,))))
    if case.state is State.WITHDRAWN:
        return NOTHING
    return Outcome(changed=(case.received_again(event, present),))
