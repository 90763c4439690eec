"""No more time for a department that asked for it (不予延期)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain import extensions
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RefuseExtension(Struct, frozen=True):
    """The street or the district refuses the request that waits; the limit stays as it is."""

    assignment_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: RefuseExtension) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: RefuseExtension, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    refused = extensions.refuse(assignment, command.actor.id, context.now, command.reason)
    return Outcome(changed=(refused,), events=(extensions.ruling(refused, context.now),), result=refused)
