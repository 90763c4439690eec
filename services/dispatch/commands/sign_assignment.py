"""Sign for an assignment (签收)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import AssignmentSignedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class SignAssignment(Struct, frozen=True):
    """The department has taken note of its summons."""

    assignment_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: SignAssignment) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: SignAssignment, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    signed = assignment.sign(command.actor.id, context.now)
    event = AssignmentSignedV1(
        case_id=signed.case_id,
        assignment_id=signed.id,
        department=signed.department,
        signed_by=command.actor.id,
        deemed=False,
        signed_at=context.now,
    )
    return Outcome(changed=(signed,), events=(event,), result=signed)
