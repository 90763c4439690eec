"""The district suspends a case that cannot be settled now (挂账): the clocks stand still, the flag stays visible."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from shared.contracts.dispatch import CaseSuspendedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class SuspendCase(Struct, frozen=True):
    """To be reviewed by `review_by`, or within 30 days (`rules.yaml`) if nothing is said."""

    case_id: UUID
    reason: str
    review_by: datetime | None
    actor: Actor
    version: int | None = None


def needs(command: SuspendCase) -> Needs:
    yield one(Case, command.case_id)


def decide(command: SuspendCase, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    suspended = case.suspend(command.actor.id, context.now, command.reason, command.review_by)
    event = CaseSuspendedV1(
        case_id=case.id,
        reason=command.reason,
        review_by=suspended.suspensions[-1].review_by,
        suspended_by=command.actor.id,
        suspended_at=context.now,
    )
    return Outcome(changed=(suspended,), events=(event,), result=suspended)
