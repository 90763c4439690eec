"""Summon again those whose part failed (返工通知)."""

from dataclasses import dataclass

from services.notice.domain.summons import Summons
from shared.contracts.dispatch import CaseReopenedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


@dataclass(frozen=True, slots=True)
class ReopenSummons:
    """Dispatch announced which assignments are open again."""

    event: CaseReopenedV1
    actor: Actor = SYSTEM


def needs(command: ReopenSummons) -> Needs:
    """The case's summonses."""
    yield many(Summons, "case_id", command.event.case_id)


def decide(command: ReopenSummons, loaded: Loaded, context: Context) -> Outcome:
    """Unread again, with the new limit and the reason; the others' rows stay as they are."""
    context.allow(command)
    event, now = command.event, context.now
    reopened = tuple(
        loaded.one(Summons, one.assignment_id).reopened(
            one.limit_minutes, event.round, event.reason, event.reopened_at, now
        )
        for one in event.reopened
    )
    if not reopened:
        return Outcome()
    delivered = SummonsDeliveredV1(event.case_id, tuple(one.id for one in reopened), now)
    return Outcome(changed=reopened, events=(delivered,))
