"""A department asks for more time (延期申请), before supervision says that its limit has passed."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain import extensions
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import ExtensionRequestedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RequestExtension(Struct, frozen=True):
    """`minutes` more than the present limit; the first is the street's to grant, the second the district's."""

    assignment_id: UUID
    minutes: int
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: RequestExtension) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: RequestExtension, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    asking = extensions.request(assignment, by, now, command.minutes, command.reason)
    event = ExtensionRequestedV1(
        case_id=asking.case_id,
        assignment_id=asking.id,
        department=asking.department,
        ordinal=asking.extensions[-1].ordinal,
        minutes=command.minutes,
        reason=command.reason,
        requested_by=by,
        requested_at=now,
    )
    return Outcome(changed=(asking,), events=(event,), result=asking)
