"""What merging, voiding and their settlement have in common."""

from typing import Any
from uuid import UUID

from services.intake.domain.case import Case, Withdrawal
from services.intake.domain.transitions import State
from shared.contracts.intake import CaseAbsorbedV1, CaseWithdrawnV1, WithdrawalRequestedV1
from shared.engine.work import Context, Loaded, Outcome, changed
from shared.errors import Conflict


def withdrawn(case: Case, withdrawal: Withdrawal, into: UUID | None, loaded: Loaded, context: Context) -> Outcome:
    """Merged or void at once while intake owns the case; once it was given away, a request to whoever has it."""
    joined = loaded.many(Case, "into", case.id)
    if any(one.state is State.WITHDRAWING for one in joined):
        raise Conflict("merge-pending")
    asked = case.withdraw(withdrawal, into)
    if asked.state is State.WITHDRAWING:
        event = WithdrawalRequestedV1(
            case_id=asked.id,
            request_id=withdrawal.request_id,
            into=into,
            reason=withdrawal.reason,
            requested_by=withdrawal.by,
            requested_at=withdrawal.at,
            self_handled=asked.whistled_at is None,
        )
        return Outcome(changed=(asked,), events=(event,), result=asked)
    return ended(asked, withdrawal, loaded, context)


def ended(case: Case, withdrawal: Withdrawal, loaded: Loaded, context: Context) -> Outcome:
    """A case that is merged or void now. What was merged into it goes along: every reporter is called back."""
    events: list[Any] = [CaseWithdrawnV1(case.id, case.into, withdrawal.reason, withdrawal.by, context.now)]
    moved: list[Case] = []
    if case.into is not None:
        moved = [changed(one, into=case.into) for one in loaded.many(Case, "into", case.id)]
        events += [CaseAbsorbedV1(case.into, one.id, one.tracking_digest, context.now) for one in (case, *moved)]
    return Outcome(changed=(case, *moved), events=events, result=case)
