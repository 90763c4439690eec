"""A suspended case goes on (恢复)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.case import Case
from shared.contracts.dispatch import CaseResumedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one


class ResumeCase(Struct, frozen=True):
    """The district lets the clocks run again."""

    case_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: ResumeCase) -> Needs:
    yield one(Case, command.case_id)


def decide(command: ResumeCase, loaded: Loaded, context: Context) -> Outcome:
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    resumed = case.resume(command.actor.id, context.now, command.reason)
    event = CaseResumedV1(case.id, command.reason, command.actor.id, context.now)
    return Outcome(changed=(resumed,), events=(event,), result=resumed)
