"""Find on site that it is solved (核查通过): somebody of the grid or the street, never who handled it."""

from dataclasses import dataclass
from uuid import UUID

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.town import closing_condition
from services.closure.domain.values import Verification
from shared.contracts.closure import VerificationPassedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, expect_version, one
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class PassVerification:
    """`photos` are the SHA-256 digests of what shows it; `condition_met` confirms the category's closing condition."""

    case_id: UUID
    actor: Actor
    photos: tuple[str, ...]
    condition_met: bool
    remark: str = ""
    version: int | None = None


def needs(command: PassVerification) -> Needs:
    """The case, and the categories' closing conditions."""
    yield one(Case, command.case_id)
    yield Reference("categories")


def decide(command: PassVerification, loaded: Loaded, context: Context) -> Outcome:
    """To be called back; refused without a photo, or where the closing condition is not met."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    if not command.photos:
        raise Invalid("photo-missing", fields={"photos": ("photo-missing",)})
    if not command.condition_met:
        raise Invalid("closing-condition-not-met", fields={"condition_met": ("closing-condition-not-met",)})
    verified = case.verified(
        Verification(
            round=case.round,
            passed=True,
            photos=command.photos,
            closing_condition=closing_condition(loaded.reference("categories"), case.category),
            remark=masked(command.remark),
            failed=(),
            by=command.actor.id,
            at=context.now,
        )
    )
    event = VerificationPassedV1(case.id, command.actor.id, context.now)
    return Outcome(changed=(verified,), events=(event,), result=verified)
