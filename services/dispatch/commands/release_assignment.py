"""The street lets a department leave the site (准予撤离); nobody leaves by themselves (事不绝、人不撤)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import AssignmentReleasedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class ReleaseAssignment(Struct, frozen=True):
    """The street releases a department that reported in."""

    assignment_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: ReleaseAssignment) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: ReleaseAssignment, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.RELEASE)
    released = assignment.release(command.actor.id, context.now)
    event = AssignmentReleasedV1(
        case_id=released.case_id,
        assignment_id=released.id,
        department=released.department,
        released_by=command.actor.id,
        released_at=context.now,
    )
    return Outcome(changed=(released,), events=(event,), result=released)
