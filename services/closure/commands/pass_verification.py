"""Find on site that it is solved (核查通过): somebody of the grid or the street, never who handled it."""

from uuid import UUID

from msgspec import Struct

from services.closure.domain.case import Case
from services.closure.domain.masking import masked
from services.closure.domain.photo import photo_needs, photos_of
from services.closure.domain.town import closing_condition
from services.closure.domain.values import Verification
from shared.contracts.closure import VerificationPassedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, Reference, expect_version, one
from shared.errors import Invalid


class PassVerification(Struct, frozen=True):
    """`photos` were uploaded before and show it; `condition_met` confirms the category's closing condition."""

    case_id: UUID
    actor: Actor
    photos: tuple[UUID, ...]
    condition_met: bool
    remark: str = ""
    version: int | None = None


def needs(command: PassVerification) -> Needs:
    """The case, the photos, and the categories' closing conditions."""
    yield one(Case, command.case_id)
    yield from photo_needs(command.photos)
    yield Reference("categories")


def decide(command: PassVerification, loaded: Loaded, context: Context) -> Outcome:
    """To be called back; refused without a photo, or where the closing condition is not met."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope())
    expect_version(case, command.version)
    if not command.photos:
        raise Invalid("photo-missing", fields={"photos": ("At least one photo is needed.",)})
    if not command.condition_met:
        raise Invalid("closing-condition-not-met", fields={"condition_met": ("Must be true.",)})
    photos = photos_of(loaded, command.photos, command.actor.id, case.id, context.now)
    verified = case.verified(
        Verification(
            round=case.round,
            passed=True,
            photos=tuple(photo.id for photo in photos),
            closing_condition=closing_condition(loaded.reference("categories"), case.category),
            remark=masked(command.remark),
            failed=(),
            by=command.actor.id,
            at=context.now,
        )
    )
    event = VerificationPassedV1(case.id, command.actor.id, context.now)
    shown = (photo.shown_for(case.id) for photo in photos)
    return Outcome(changed=(verified, *shown), events=(event,), result=verified)
