"""A dispute is dismissed (维持): the department stays summoned, and there is no second dispute."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import DisputeRuledV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class UpholdAssignment(Struct, frozen=True):
    """The street or the district rules that the department is responsible."""

    assignment_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: UpholdAssignment) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: UpholdAssignment, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    upheld = assignment.uphold(by, now, command.reason)
    event = DisputeRuledV1(
        case_id=upheld.case_id,
        assignment_id=upheld.id,
        department=upheld.department,
        rerouted_to="",
        new_assignment_id=None,
        reason=command.reason,
        ruled_by=by,
        ruled_at=now,
    )
    return Outcome(changed=(upheld,), events=(event,), result=upheld)
