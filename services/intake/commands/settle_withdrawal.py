"""Settle a withdrawal: whoever owned the case gave it up, or refused to (closed already)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.intake.commands._withdrawal import ended
from services.intake.domain.case import Case
from services.intake.domain.progress import Progress
from services.intake.domain.transitions import State
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, many, one


class SettleWithdrawal(Struct, frozen=True):
    """`request_id` is the request that is settled; None where the event does not tell. `at` is when it was settled."""

    case_id: UUID
    accepted: bool
    at: datetime
    request_id: UUID | None = None
    actor: Actor = SYSTEM


def needs(command: SettleWithdrawal) -> Needs:
    """The case, its progress, and what was merged into it."""
    yield one(Case, command.case_id)
    yield many(Case, "into", command.case_id)
    yield one(Progress, command.case_id)


def decide(command: SettleWithdrawal, loaded: Loaded, context: Context) -> Outcome:
    """Merged, void, or as before. Dispatch and closure may both tell; the first one settles it."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    withdrawal = case.withdrawal
    if case.state is not State.WITHDRAWING or withdrawal is None:
        return NOTHING
    if command.request_id not in (None, withdrawal.request_id):
        return NOTHING
    progress = loaded.one(Progress, case.id)
    confirmed = progress.follow(None, None, command.at)
    seen = () if confirmed is progress else (confirmed,)
    if not command.accepted:
        return Outcome(changed=(case.keep(), *seen))
    outcome = ended(case.settle(), withdrawal, loaded, context)
    return outcome._replace(changed=(*outcome.changed, *seen))
