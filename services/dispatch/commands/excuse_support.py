"""A support's absence is stated (缺席说明), so that nobody waits for it any more."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import after, assignments_of, handed_over, sisters_needs
from shared.contracts.dispatch import AssignmentExcusedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class ExcuseSupport(Struct, frozen=True):
    """The dispatcher or the street states why this support stays away; its assignment ends."""

    assignment_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ExcuseSupport) -> Needs:
    yield from sisters_needs(command.assignment_id)


def decide(command: ExcuseSupport, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    case.check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    excused = assignment.excuse(by, now, command.reason)
    event = AssignmentExcusedV1(
        case_id=case.id,
        assignment_id=excused.id,
        department=excused.department,
        reason=command.reason,
        excused_by=by,
        excused_at=now,
    )
    cases, completed = handed_over(case, after(assignments_of(loaded, case), excused), now)
    return Outcome(changed=(excused, *cases), events=(event, *completed), result=excused)
