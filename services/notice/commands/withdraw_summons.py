"""Withdraw every summons of a case (撤回) that became void or was merged."""

from msgspec import Struct

from services.notice.domain.summons import Summons
from services.notice.domain.transitions import State
from shared.contracts.dispatch import DispatchWithdrawnV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


class WithdrawSummons(Struct, frozen=True):
    """Dispatch announced that nobody has to come any more."""

    event: DispatchWithdrawnV1
    actor: Actor = SYSTEM


def needs(command: WithdrawSummons) -> Needs:
    """The case's summonses."""
    yield many(Summons, "case_id", command.event.case_id)


def decide(command: WithdrawSummons, loaded: Loaded, context: Context) -> Outcome:
    """Each that is not withdrawn yet is shown as withdrawn, with the reason."""
    context.allow(command)
    summonses = loaded.many(Summons, "case_id", command.event.case_id)
    standing = (one for one in summonses if one.state is not State.WITHDRAWN)
    return Outcome(changed=tuple(one.withdrawn(command.event.reason, context.now) for one in standing))
