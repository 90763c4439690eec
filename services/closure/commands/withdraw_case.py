"""Decide about the withdrawal (合并, 作废) of a case that was handed over: accepted while the case is open."""

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.transitions import State
from shared.contracts.closure import ClosureWithdrawnV1, WithdrawalRefusedV1
from shared.contracts.dispatch import WithdrawalForwardedV1
from shared.contracts.intake import WithdrawalRequestedV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one

ENDED = (State.CLOSED, State.ARCHIVED)


class WithdrawCase(Struct, frozen=True):
    """Dispatch passed on the street's request, because closure owns the case; intake asks for a self-handled one."""

    event: WithdrawalForwardedV1 | WithdrawalRequestedV1
    actor: Actor = SYSTEM


def needs(command: WithdrawCase) -> Needs:
    """The case alone."""
    yield one(Case, command.event.case_id)


def decide(command: WithdrawCase, loaded: Loaded, context: Context) -> Outcome:
    """Accepted or refused, and announced either way; nothing where it was withdrawn before."""
    event = command.event
    case = loaded.one(Case, event.case_id)
    context.allow(command, case.scope())
    if case.state is State.WITHDRAWN:
        return NOTHING
    if case.state in ENDED:
        return Outcome(events=(WithdrawalRefusedV1(case.id, event.request_id, "already-closed", context.now),))
    withdrawn = case.withdrawn(event.into, context.now)
    accepted = ClosureWithdrawnV1(
        case_id=case.id,
        request_id=event.request_id,
        into=event.into,
        reason=event.reason,
        withdrawn_by=event.requested_by,
        withdrawn_at=context.now,
    )
    return Outcome(changed=(withdrawn,), events=(accepted,))
