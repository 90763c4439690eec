"""Archive a closed case (归档) whose evaluations did not all come in time: supervision says when that is."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.transitions import Action, possible
from shared.contracts.closure import CaseArchivedV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


class ArchiveCase(Struct, frozen=True):
    """Enough days have passed since the case was closed at that time."""

    case_id: UUID
    closed_at: datetime
    actor: Actor = SYSTEM


def needs(command: ArchiveCase) -> Needs:
    """The case alone."""
    yield one(Case, command.case_id)


def decide(command: ArchiveCase, loaded: Loaded, context: Context) -> Outcome:
    """Archived; nothing where it was already, or is open again, or was closed once more since."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    if not possible(case.state, Action.ARCHIVE) or case.closed_at != command.closed_at:
        return NOTHING
    archived = case.archived(context.now)
    return Outcome(changed=(archived,), events=(CaseArchivedV1(case.id, context.now),), result=archived)
