"""A closing limit passed (超期), or had not after all (撤销超期): supervision says so, and dispatch remembers it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class NoteOverdue(Struct, frozen=True):
    """The clock that started at this time passed its limit `at` this one; None: it was stopped in time."""

    assignment_id: UUID
    started_at: datetime
    at: datetime | None
    actor: Actor = SYSTEM


def needs(command: NoteOverdue) -> Needs:
    yield one(Assignment, command.assignment_id)


def decide(command: NoteOverdue, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    # A clock of an earlier round says nothing of this one.
    if command.started_at < assignment.clock_from or command.at == assignment.overdue_at:
        return NOTHING
    noted = assignment.be_in_time() if command.at is None else assignment.run_over(command.at)
    return Outcome(changed=(noted,), result=noted)
