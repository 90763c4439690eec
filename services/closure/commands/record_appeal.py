"""Write down a reporter's appeal (代记申诉): the call-back clerk, for somebody who telephones."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.appealing import appeal
from services.closure.domain.case import Case
from services.closure.domain.loading import case_with_reporters, reporter_by_case
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RecordAppeal(Struct, frozen=True):
    """`reporter_case` names who appeals, where several reported; `failed` the assignments appealed against, if any."""

    case_id: UUID
    actor: Actor
    reason: str
    reporter_case: UUID | None = None
    failed: tuple[UUID, ...] = ()
    version: int | None = None


def needs(command: RecordAppeal) -> Needs:
    """The case with everybody who reported it."""
    yield from case_with_reporters(command.case_id)


def decide(command: RecordAppeal, loaded: Loaded, context: Context) -> Outcome:
    """The named parts are reopened, or the lead's."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    reporter = reporter_by_case(loaded, case.id, command.reporter_case)
    return appeal(case, reporter, command.failed, command.reason, context.now)
