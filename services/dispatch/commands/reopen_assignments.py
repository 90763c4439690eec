"""What failed is done once more (返工): only the departments whose part failed, with half of their original limit."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import AssignmentAction, CaseAction
from services.dispatch.domain.whole_case import assignments_of, case_needs, summons_of
from shared.contracts.dispatch import CaseReopenedV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome
from shared.errors import Conflict


class ReopenAssignments(Struct, frozen=True):
    """Closure found at this time that these parts failed: by verification, by the reporter, or by appeal."""

    case_id: UUID
    failed: tuple[UUID, ...]
    reason: str
    at: datetime
    actor: Actor = SYSTEM


def needs(command: ReopenAssignments) -> Needs:
    yield from case_needs(command.case_id)


def decide(command: ReopenAssignments, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.find(Case, command.case_id)
    context.allow(command)
    if case is None or not case.can(CaseAction.REOPEN):
        return NOTHING
    assignments = [one for one in assignments_of(loaded, case) if one.live]
    failed = [one for one in assignments if one.id in command.failed]
    if not failed:
        raise Conflict("nothing-to-reopen", case=str(case.id))
    again = case.reopen()
    reopened = tuple(one.reopen(command.at, again.round) for one in failed)
    accepted = tuple(one.accept() for one in assignments if one not in failed and one.can(AssignmentAction.ACCEPT))
    event = CaseReopenedV1(
        case_id=case.id,
        reopened=summons_of(reopened),
        reason=command.reason,
        round=again.round,
        reopened_at=command.at,
    )
    return Outcome(changed=(again, *reopened, *accepted), events=(event,), result=again)
