"""Follow what dispatch announces, so that enforcement knows by itself who was summoned and who is on site."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.assignment import Assignment
from services.enforcement.domain.transitions import AssignmentAction
from shared.contracts.dispatch import (
    AssignmentExcusedV1,
    AssignmentFedBackV1,
    AssignmentReportedInV1,
    CaseDispatchedV1,
    CaseReopenedV1,
    DispatchWithdrawnV1,
    DisputeRuledV1,
    SummonsChangedV1,
)
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many

Summoning = CaseDispatchedV1 | SummonsChangedV1
Step = AssignmentReportedInV1 | AssignmentFedBackV1 | AssignmentExcusedV1
Followed = Summoning | Step | DisputeRuledV1 | CaseReopenedV1 | DispatchWithdrawnV1

STEPS: Mapping[type[Step], AssignmentAction] = {
    AssignmentReportedInV1: AssignmentAction.REPORT_IN,
    AssignmentFedBackV1: AssignmentAction.FEED_BACK,
    AssignmentExcusedV1: AssignmentAction.END,
}


class FollowAssignment(Struct, frozen=True):
    event: Followed
    actor: Actor = SYSTEM


def needs(command: FollowAssignment) -> Needs:
    yield many(Assignment, "case_id", command.event.case_id)


def decide(command: FollowAssignment, loaded: Loaded, context: Context) -> Outcome:
    context.allow(command)
    known = loaded.many(Assignment, "case_id", command.event.case_id)
    actions = dict(_actions(command.event, [one.id for one in known]))
    after = [(one, one.after(actions[one.id])) for one in known if one.id in actions]
    return Outcome(
        new=tuple(_summoned(command.event, {one.id for one in known})),
        changed=tuple(now for before, now in after if now is not before),
    )


def _summoned(event: Followed, known: set[UUID]) -> Iterable[Assignment]:
    """The assignments that this event tells of for the first time."""
    if isinstance(event, Summoning):
        for part in event.summons:
            if part.assignment_id not in known:
                yield Assignment(
                    id=part.assignment_id,
                    case_id=event.case_id,
                    number=event.number,
                    category=event.category,
                    department=part.department,
                    area=event.place.area,
                )


def _actions(event: Followed, known: Iterable[UUID]) -> Iterable[tuple[UUID, AssignmentAction]]:
    """What the event says has happened to which assignment."""
    match event:
        case SummonsChangedV1():
            yield from ((id, AssignmentAction.END) for id in event.removed)
        case AssignmentReportedInV1() | AssignmentFedBackV1() | AssignmentExcusedV1():
            yield event.assignment_id, STEPS[type(event)]
        case DisputeRuledV1() if event.rerouted_to:
            yield event.assignment_id, AssignmentAction.END
        case CaseReopenedV1():
            yield from ((part.assignment_id, AssignmentAction.REOPEN) for part in event.reopened)
        case DispatchWithdrawnV1():
            yield from ((id, AssignmentAction.END) for id in known)
