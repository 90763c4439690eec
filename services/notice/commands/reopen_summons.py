"""Summon again those whose part failed (返工通知)."""

from msgspec import Struct

from services.notice.commands._telling import choices_of_officers, with_officers_told
from services.notice.domain.summons import Summons
from shared.contracts.dispatch import CaseReopenedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


class ReopenSummons(Struct, frozen=True):
    """Dispatch announced which assignments are open again."""

    event: CaseReopenedV1
    actor: Actor = SYSTEM


def needs(command: ReopenSummons) -> Needs:
    """The case's summonses, and what the officers of those departments chose."""
    yield many(Summons, "case_id", command.event.case_id)
    yield choices_of_officers(one.department for one in command.event.reopened)


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
    return with_officers_told(Outcome(changed=reopened, events=(delivered,)), reopened, loaded, context)
