"""Work begins (开始处置), or is taken up again after rework (返工处置)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.whole_case import assignment_needs, begun
from shared.contracts.dispatch import AssignmentStartedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class StartWork(Struct, frozen=True):
    """The department that reported in, or whose part failed, sets to work."""

    assignment_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: StartWork) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: StartWork, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    started = assignment.start(command.actor.id)
    event = AssignmentStartedV1(
        case_id=case.id,
        assignment_id=started.id,
        department=started.department,
        started_by=command.actor.id,
        round=started.round,
        started_at=context.now,
    )
    cases, case_started = begun(case, context.now)
    return Outcome(changed=(started, *cases), events=(event, *case_started), result=started)
