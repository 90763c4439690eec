"""A department says what it did (反馈); the last one hands the case over for verification."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Part
from services.dispatch.domain.transitions import AssignmentAction, CaseAction
from services.dispatch.domain.whole_case import after, assignments_of, expect_supports_done, handed_over, sisters_needs
from shared.contracts.dispatch import AssignmentFedBackV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class FeedBack(Struct, frozen=True):
    """What the department did; the lead's waits for every support's, or its stated absence."""

    assignment_id: UUID
    measures: str
    actor: Actor
    version: int | None = None


def needs(command: FeedBack) -> Needs:
    yield from sisters_needs(command.assignment_id)


def decide(command: FeedBack, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    case.check(CaseAction.PROCEED)
    assignment.check(AssignmentAction.FEED_BACK)
    sisters = assignments_of(loaded, case)
    if assignment.part is Part.LEAD:
        expect_supports_done(sisters)
    by, now = command.actor.id, context.now
    fed_back = assignment.feed_back(by, now, command.measures)
    event = AssignmentFedBackV1(
        case_id=case.id,
        assignment_id=fed_back.id,
        department=fed_back.department,
        fed_back_by=by,
        measures=command.measures,
        round=fed_back.round,
        fed_back_at=now,
    )
    cases, completed = handed_over(case, after(sisters, fed_back), now)
    return Outcome(changed=(fed_back, *cases), events=(event, *completed), result=fed_back)
