"""Merge a case into another one about the same (合并); every reporter is called back."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._withdrawal import withdrawn
from services.intake.domain.case import Case, Withdrawal
from services.intake.domain.complaint import Complaint, mask
from services.intake.domain.progress import ENDED as ENDED_STAGES
from services.intake.domain.progress import Progress
from services.intake.domain.transitions import ENDED, State
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, many, one
from shared.errors import Conflict, Invalid


class MergeCase(Struct, frozen=True):
    """`into` is the case that goes on; `reason` is what the reporter will read."""

    case_id: UUID
    into: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: MergeCase) -> Needs:
    """Both cases, how far the other one is, and what was or is to be merged into this one."""
    yield one(Case, command.case_id)
    yield one(Case, command.into)
    yield many(Case, "into", command.case_id)
    yield one(Complaint, command.case_id)
    yield one(Progress, command.into)


def decide(command: MergeCase, loaded: Loaded, context: Context) -> Outcome:
    """Merged, or withdrawing until whoever has the case agrees."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    target = loaded.find(Case, command.into)
    if target is None or target.id == case.id:
        raise Invalid(fields={"into": ["There is no such other case."]})
    context.allow(command, target.scope)
    if not goes_on(case, target, loaded.find(Progress, target.id)):
        raise Conflict("merge-target-unfit", state=target.state)
    reason = mask(command.reason, loaded.find(Complaint, case.id))
    withdrawal = Withdrawal(context.new_id("withdrawal"), reason, command.actor.id, context.now)
    return withdrawn(case, withdrawal, target.id, loaded, context)


def goes_on(case: Case, target: Case, progress: Progress | None) -> bool:
    """Whether a case can be merged into this one: it is open, and a whistled one only into another whistled one."""
    if target.state in ENDED or target.state is State.WITHDRAWING:
        return False
    if progress is not None and progress.stage in ENDED_STAGES:
        return False
    return case.whistled_at is None or target.whistled_at is not None
