"""A department says how far it has come (阶段反馈); the first time stops its clock for the first feedback."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import AssignmentProgressedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class ReportProgress(Struct, frozen=True):
    """What was found or done so far, as often as there is something to say."""

    assignment_id: UUID
    text: str
    actor: Actor
    version: int | None = None


def needs(command: ReportProgress) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: ReportProgress, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    by, now = command.actor.id, context.now
    progressed = assignment.report_progress(by, now, command.text)
    event = AssignmentProgressedV1(
        case_id=progressed.case_id,
        assignment_id=progressed.id,
        department=progressed.department,
        reported_by=by,
        text=command.text,
        round=progressed.round,
        progressed_at=now,
    )
    return Outcome(changed=(progressed,), events=(event,), result=progressed)
