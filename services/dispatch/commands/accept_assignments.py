"""What was done is accepted (通过): verified on site, or the case is closed (办结)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import AssignmentAction, CaseAction
from services.dispatch.domain.whole_case import assignments_of, case_needs
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome


class AcceptAssignments(Struct, frozen=True):
    """Every part that waits for a verdict is accepted; `closed` says that the case ends here, too."""

    case_id: UUID
    closed: bool
    actor: Actor = SYSTEM


def needs(command: AcceptAssignments) -> Needs:
    yield from case_needs(command.case_id)


def decide(command: AcceptAssignments, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.find(Case, command.case_id)
    context.allow(command)
    if case is None or not case.can(CaseAction.CLOSE if command.closed else CaseAction.ACCEPT):
        return NOTHING
    accepted = tuple(one.accept() for one in assignments_of(loaded, case) if one.can(AssignmentAction.ACCEPT))
    cases = (case.close(),) if command.closed else ()
    return Outcome(changed=(*cases, *accepted))
