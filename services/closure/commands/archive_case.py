"""Archive a closed case (归档) whose evaluations did not all come in time. Called by the clock."""

from dataclasses import dataclass
from uuid import UUID

from services.closure.domain.case import Case
from shared.contracts.closure import CaseArchivedV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, one


@dataclass(frozen=True, slots=True)
class ArchiveCase:
    """The clock says that the days after closing have passed."""

    case_id: UUID
    actor: Actor = SYSTEM


def needs(command: ArchiveCase) -> Needs:
    """The case alone."""
    yield one(Case, command.case_id)


def decide(command: ArchiveCase, loaded: Loaded, context: Context) -> Outcome:
    """Archived; refused too early, or where the case is not closed (any more)."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    archived = case.archived(context.now)
    return Outcome(changed=(archived,), events=(CaseArchivedV1(case.id, context.now),), result=archived)
