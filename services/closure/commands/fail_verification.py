"""Find on site that it is not solved (核查不通过): only the departments whose part failed work again."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.photo import photo_needs, photos_of
from services.closure.domain.values import Verification
from shared.contracts.closure import VerificationFailedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version, one
from shared.errors import Invalid


class FailVerification(Struct, frozen=True):
    """`failed` are the assignments whose part failed; `photos` were uploaded before and show it."""

    case_id: UUID
    actor: Actor
    failed: tuple[UUID, ...]
    reason: str
    photos: tuple[UUID, ...] = ()
    version: int | None = None


def needs(command: FailVerification) -> Needs:
    """The case and the photos."""
    yield one(Case, command.case_id)
    yield from photo_needs(command.photos)


def decide(command: FailVerification, loaded: Loaded, context: Context) -> Outcome:
    """Rework for these; refused unless at least one part of the case is named."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    if not command.failed:
        raise Invalid("nobody-failed", fields={"failed": ("Names nobody.",)})
    photos = photos_of(loaded, command.photos, command.actor.id, case.id, context.now)
    failed, reason = case.failing(command.failed), masked(command.reason)
    verification = Verification(
        round=case.round,
        passed=False,
        photos=tuple(photo.id for photo in photos),
        closing_condition="",
        remark=reason,
        failed=failed,
        by=command.actor.id,
        at=context.now,
    )
    verified = case.verified(verification)
    event = VerificationFailedV1(case.id, failed, reason, command.actor.id, context.now)
    shown = (photo.shown_for(case.id) for photo in photos)
    return Outcome(changed=(verified, *shown), events=(event,), result=verified)
