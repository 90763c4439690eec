"""Follow an end that was decided elsewhere while a case was in rework: withdrawn, or refused by review."""

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.transitions import TRANSITIONS, Action
from shared.contracts.dispatch import DispatchWithdrawnV1
from shared.contracts.intake import CaseRedirectedV1, CaseRefusedV1, CaseWithdrawnV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class FollowWithdrawal(Struct, frozen=True):
    """The case has ended elsewhere (合并, 作废, 不予吹哨, 转法定途径); closure only takes note."""

    event: DispatchWithdrawnV1 | CaseWithdrawnV1 | CaseRefusedV1 | CaseRedirectedV1
    actor: Actor = SYSTEM


def needs(command: FollowWithdrawal) -> Needs:
    """The case, if it was ever handed over."""
    yield one(Case, command.event.case_id)


def decide(command: FollowWithdrawal, loaded: Loaded, context: Context) -> Outcome:
    """Withdrawn, if the case is here and open; nothing otherwise."""
    context.allow(command)
    case = loaded.find(Case, command.event.case_id)
    if case is None or (case.state, Action.WITHDRAW) not in TRANSITIONS:
        return NOTHING
    into = getattr(command.event, "into", None)  # a refused case goes nowhere
    return Outcome(changed=(case.withdrawn(into, context.now),))
