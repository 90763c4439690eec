"""A department says that this is not its matter (异议), naming the legal basis."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import AssignmentDisputedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class DisputeAssignment(Struct, frozen=True):
    """Once, before it is signed; silence past the limit counts as signed."""

    assignment_id: UUID
    legal_basis: str
    actor: Actor
    version: int | None = None


def needs(command: DisputeAssignment) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: DisputeAssignment, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    case.check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    disputed = assignment.raise_dispute(by, now, command.legal_basis)
    event = AssignmentDisputedV1(
        case_id=case.id,
        assignment_id=disputed.id,
        department=disputed.department,
        legal_basis=command.legal_basis,
        disputed_by=by,
        disputed_at=now,
    )
    return Outcome(changed=(disputed,), events=(event,), result=disputed)
