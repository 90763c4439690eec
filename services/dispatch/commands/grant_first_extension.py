"""The street grants a department its first extension (准予首次延期)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain import extensions
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import CaseAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class GrantFirstExtension(Struct, frozen=True):
    """The request that waits is granted as it was asked for."""

    assignment_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: GrantFirstExtension) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: GrantFirstExtension, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    loaded.one(Case, assignment.case_id).check(CaseAction.PROCEED)
    granted = extensions.grant(assignment, extensions.FIRST, command.actor.id, context.now, command.reason)
    return Outcome(changed=(granted,), events=(extensions.ruling(granted, context.now),), result=granted)
