"""Record one attempt to call a reporter back (回访): not reached, or what they answered."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.callback import Contacted, hear
from services.closure.domain.case import Case
from services.closure.domain.loading import case_with_reporters, reporter_by_case, reporters_of
from services.closure.domain.reporter import Answer
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class RecordCallback(Struct, frozen=True):
    """`answer` is None when the reporter was not reached; `reporter_case` names who was called, where several reported.

    `failed` are the assignments that the reporter objects to; the lead's if none is named.
    """

    case_id: UUID
    actor: Actor
    answer: Answer | None
    reporter_case: UUID | None = None
    remark: str = ""
    failed: tuple[UUID, ...] = ()
    version: int | None = None


def needs(command: RecordCallback) -> Needs:
    """The case with everybody who must be called back."""
    yield from case_with_reporters(command.case_id)


def decide(command: RecordCallback, loaded: Loaded, context: Context) -> Outcome:
    """One attempt more; the reporters' own answers close the case or send it to rework."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    reporter = reporter_by_case(loaded, case.id, command.reporter_case)
    contacted = Contacted(command.answer, command.remark, command.actor.id, failed=command.failed)
    return hear(case, reporters_of(loaded, case.id), reporter, contacted, context.now)
