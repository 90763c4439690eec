"""Void a case (作废); nothing is ever deleted."""

from uuid import UUID

from msgspec import Struct

from services.intake.commands._withdrawal import withdrawn
from services.intake.domain.case import Case, Withdrawal
from services.intake.domain.complaint import Complaint, mask
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, many, one


class VoidCase(Struct, frozen=True):
    """`reason` is what the reporter will read."""

    case_id: UUID
    reason: str
    actor: Actor
    version: int | None = None


def needs(command: VoidCase) -> Needs:
    """The case, its complaint, and what was or is to be merged into it."""
    yield one(Case, command.case_id)
    yield many(Case, "into", command.case_id)
    yield one(Complaint, command.case_id)


def decide(command: VoidCase, loaded: Loaded, context: Context) -> Outcome:
    """Void, or withdrawing until whoever has the case agrees."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    expect_version(case, command.version)
    reason = mask(command.reason, loaded.find(Complaint, case.id))
    withdrawal = Withdrawal(context.new_id("withdrawal"), reason, command.actor.id, context.now)
    return withdrawn(case, withdrawal, None, loaded, context)
