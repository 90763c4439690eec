"""The district grants a department its second extension (准予第二次延期)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain import extensions
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class GrantSecondExtension(Struct, frozen=True):
    """The request that waits is granted as it was asked for."""

    assignment_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: GrantSecondExtension) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: GrantSecondExtension, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    granted = extensions.grant(assignment, extensions.SECOND, command.actor.id, context.now, command.reason)
    return Outcome(changed=(granted,), events=(extensions.ruling(granted, context.now),), result=granted)
