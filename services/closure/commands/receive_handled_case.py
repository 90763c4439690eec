"""Take over a case that the community solved itself (小事不出社区): its reporter is still called back."""

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.loading import case_with_reporters
from services.closure.domain.reporter import Reporter, reporter_id
from services.closure.domain.transitions import State
from shared.contracts.intake import CaseSelfHandledV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class ReceiveHandledCase(Struct, frozen=True):
    """Intake announced that the community has solved it, for the first time or once more."""

    event: CaseSelfHandledV1
    actor: Actor = SYSTEM


def needs(command: ReceiveHandledCase) -> Needs:
    """The case, if it was here before, and its reporters."""
    event = command.event
    yield from case_with_reporters(event.case_id)
    yield one(Reporter, reporter_id(event.tracking_digest, event.case_id))


def decide(command: ReceiveHandledCase, loaded: Loaded, context: Context) -> Outcome:
    """To be called back; nothing for a case that was withdrawn meanwhile."""
    context.allow(command)
    event = command.event
    case = loaded.find(Case, event.case_id)
    if case is None:
        reporter = Reporter(reporter_id(event.tracking_digest, event.case_id), event.case_id, event.case_id)
        known = loaded.find(Reporter, reporter.id)
        return Outcome(new=(Case.received_handled(event), *(() if known else (reporter,))))
    if case.state is State.WITHDRAWN:
        return NOTHING
    return Outcome(changed=(case.received_handled_again(event),))
