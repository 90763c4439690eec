"""A whistled case becomes void (作废) or is merged into another (合并): every department is let off."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import AssignmentAction, CaseAction
from services.dispatch.domain.whole_case import assignments_of, case_needs
from shared.contracts.dispatch import DispatchWithdrawnV1, WithdrawalForwardedV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome


class WithdrawCase(Struct, frozen=True):
    """Asked for by intake; `accepted` once closure, to which the case had been handed over, has agreed."""

    case_id: UUID
    request_id: UUID
    into: UUID | None
    reason: str
    by: str
    at: datetime
    accepted: bool
    actor: Actor = SYSTEM


def needs(command: WithdrawCase) -> Needs:
    yield from case_needs(command.case_id)


def decide(command: WithdrawCase, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.find(Case, command.case_id)
    context.allow(command)
    if case is None:
        return NOTHING
    if not command.accepted and case.can(CaseAction.FORWARD):
        return _forward(command, context)
    if not case.can(CaseAction.WITHDRAW):
        return NOTHING
    withdrawn = case.withdraw(command.by, command.at, command.reason, command.into)
    assignments = tuple(
        one.withdraw(command.by, command.at, command.reason)
        for one in assignments_of(loaded, case)
        if one.can(AssignmentAction.WITHDRAW)
    )
    event = DispatchWithdrawnV1(case.id, command.into, command.reason, command.by, context.now)
    return Outcome(changed=(withdrawn, *assignments), events=(event,), result=withdrawn)


def _forward(command: WithdrawCase, context: Context) -> Outcome:
    event = WithdrawalForwardedV1(
        case_id=command.case_id,
        request_id=command.request_id,
        into=command.into,
        reason=command.reason,
        requested_by=command.by,
        forwarded_at=context.now,
    )
    return Outcome(events=(event,))
