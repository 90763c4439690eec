"""Close a case whose reporter cannot be reached (未联系上办结): the street, after enough failed contacts."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.callback import give_up
from services.closure.domain.case import Case
from services.closure.domain.loading import case_with_reporters, reporters_of
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class CloseUnreached(Struct, frozen=True):
    """The case is marked, and counts neither as solved nor as unsolved."""

    case_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: CloseUnreached) -> Needs:
    """The case with everybody who must be called back."""
    yield from case_with_reporters(command.case_id)


def decide(command: CloseUnreached, loaded: Loaded, context: Context) -> Outcome:
    """Closed as unreached, unless a contact is still owed to anybody who has not answered."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    return give_up(case, reporters_of(loaded, case.id), command.actor.id, context.now)
