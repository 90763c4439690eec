"""Verification on site (核查): by whom, on which proof, and what a failure reopens."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.closure.commands import fail_verification, pass_verification, upload_photo
from services.closure.domain.photo import Photo
from services.closure.domain.transitions import State
from shared.access.actor import Actor, Role
from shared.contracts.closure import VerificationFailedV1, VerificationPassedV1
from shared.errors import Forbidden, Invalid, StaleVersion
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    CALLER,
    CASE,
    CLERK,
    CONDITION,
    EXCUSED,
    LEAD,
    OFFICER,
    OTHER_CASE,
    PHOTO,
    STREET,
    STREETS_PHOTO,
    SUPPORT,
    Desk,
    a_photo,
    desk_with,
)


@pytest.fixture
def desk() -> Desk:
    """A case to be verified."""
    return desk_with(State.TO_VERIFY)


@pytest.mark.parametrize("actor", [CLERK, STREET], ids=lambda actor: actor.id)
def test_the_grid_or_the_street_verifies(desk: Desk, actor: Actor) -> None:
    """Passing is announced with who found it so, and the closing condition is kept as it read."""
    desk.pass_it(actor)
    photo = PHOTO if actor is CLERK else STREETS_PHOTO
    assert desk.announced(VerificationPassedV1) == [VerificationPassedV1(CASE, actor.id, NOON)]
    verification = desk.case.verifications[0]
    assert (verification.photos, verification.closing_condition) == ((photo,), CONDITION)
    assert desk.rows[Photo, photo].case_id == CASE


@pytest.mark.parametrize(
    "actor",
    [
        OFFICER,
        CALLER,
        replace(CLERK, area="cj.sanhe.liuxi"),
        replace(CLERK, id="officer.zhujian"),
        replace(STREET, department="chengguan"),
        Actor("boss.zhujian", frozenset({Role.OFFICER, Role.SUPERVISOR}), "zhujian", "cj.sanhe"),
    ],
    ids=["officer", "call-back clerk", "another community", "a handler", "a handling unit", "a unit's own supervisor"],
)
def test_nobody_else_does(desk: Desk, actor: Actor) -> None:
    """Not a handler, not a handling unit, not the wrong role or area: neither passing nor failing."""
    with pytest.raises(Forbidden):
        desk.pass_it(actor)
    with pytest.raises(Forbidden):
        desk.fail_it(actor=actor)


def test_passing_needs_a_photo(desk: Desk) -> None:
    """The field that is missing is named."""
    with pytest.raises(Invalid) as refusal:
        desk.do(pass_verification, pass_verification.PassVerification(CASE, CLERK, (), True))
    assert refusal.value.slug == "photo-missing"
    assert list(refusal.value.fields) == ["photos"]


def test_only_ones_own_photo_of_this_case_counts(desk: Desk) -> None:
    """Not somebody else's, not one that shows another case, not one that was never sent."""
    other = a_photo(UUID(int=33), CLERK).shown_for(OTHER_CASE)
    desk.rows[Photo, other.id] = other
    for photo in (STREETS_PHOTO, other.id, UUID(int=404)):
        with pytest.raises(Invalid) as refusal:
            desk.do(pass_verification, pass_verification.PassVerification(CASE, CLERK, (PHOTO, photo), True))
        assert refusal.value.slug == "photo-unknown"


def test_a_photo_waits_a_day_for_its_verification(desk: Desk) -> None:
    """Afterwards its file may be gone; one that shows the case already stays good."""
    desk.now += timedelta(hours=25)
    with pytest.raises(Invalid) as refusal:
        desk.pass_it()
    assert (refusal.value.slug, refusal.value.facts) == ("upload-expired", {"hours": 24})
    desk.rows[Photo, PHOTO] = a_photo(PHOTO, CLERK).shown_for(CASE)
    desk.pass_it()


def test_a_failure_may_be_shown_as_well(desk: Desk) -> None:
    """The photo of the first round may serve in the second."""
    desk.do(fail_verification, fail_verification.FailVerification(CASE, CLERK, (LEAD,), "仍在漏", (PHOTO,)))
    desk.receive()
    desk.pass_it()
    assert [one.photos for one in desk.case.verifications] == [(PHOTO,), (PHOTO,)]


def test_a_photo_is_taken_in_for_its_sender() -> None:
    """It belongs to no case yet."""
    desk = Desk()
    made = desk.do(upload_photo, upload_photo.UploadPhoto(STREET, "d4" * 32, 9, "image/png", "a.png")).result
    assert (made.sent_by, made.sent_at, made.case_id) == (STREET.id, NOON, None)


def test_a_document_shows_nothing() -> None:
    """A photo or a clip is wanted."""
    with pytest.raises(Invalid) as refusal:
        Desk().do(upload_photo, upload_photo.UploadPhoto(CLERK, "d4" * 32, 9, "application/pdf", "a.pdf"))
    assert refusal.value.slug == "not-a-photo"


def test_an_officer_sends_no_photos_here() -> None:
    """Evidence goes to the enforcement record."""
    with pytest.raises(Forbidden):
        Desk().do(upload_photo, upload_photo.UploadPhoto(OFFICER, "d4" * 32, 9, "image/png", "a.png"))


def test_passing_needs_the_closing_condition(desk: Desk) -> None:
    """Whoever cannot confirm it has to fail the verification instead."""
    with pytest.raises(Invalid) as refusal:
        desk.do(pass_verification, pass_verification.PassVerification(CASE, CLERK, (PHOTO,), False))
    assert refusal.value.slug == "closing-condition-not-met"
    assert list(refusal.value.fields) == ["condition_met"]


def test_a_failure_names_only_the_parts_that_failed(desk: Desk) -> None:
    """The others' work stands; each is named once."""
    desk.fail_it(SUPPORT, SUPPORT)
    failure = VerificationFailedV1(CASE, (SUPPORT,), "墙面仍有渗水", CLERK.id, NOON)
    assert desk.announced(VerificationFailedV1) == [failure]
    assert desk.case.verifications[0].failed == (SUPPORT,)


def test_a_failure_names_somebody(desk: Desk) -> None:
    """Without a name nobody would work again."""
    with pytest.raises(Invalid) as refusal:
        desk.do(fail_verification, fail_verification.FailVerification(CASE, CLERK, (), "仍在漏"))
    assert refusal.value.slug == "nobody-failed"


@pytest.mark.parametrize("stranger", [EXCUSED, UUID(int=99)], ids=["excused", "unknown"])
def test_only_a_part_that_was_fed_back_can_fail(desk: Desk, stranger: UUID) -> None:
    """A department that was excused, or another case's, cannot be sent back to work."""
    with pytest.raises(Invalid) as refusal:
        desk.fail_it(LEAD, stranger)
    assert refusal.value.slug == "not-part-of-case"


def test_the_reason_goes_out_without_the_complainant(desk: Desk) -> None:
    """What departments read names no neighbour and no telephone."""
    reason = "王女士（13812345678）说墙面仍渗水"
    desk.do(fail_verification, fail_verification.FailVerification(CASE, CLERK, (LEAD,), reason))
    assert desk.announced(VerificationFailedV1)[0].reason == "某女士（***）说墙面仍渗水"


def test_who_read_an_older_version_is_told_so(desk: Desk) -> None:
    """Two verifiers do not overwrite one another."""
    with pytest.raises(StaleVersion):
        desk.do(pass_verification, pass_verification.PassVerification(CASE, CLERK, (PHOTO,), True, version=7))
    with pytest.raises(StaleVersion):
        desk.do(fail_verification, fail_verification.FailVerification(CASE, CLERK, (LEAD,), "仍在漏", version=7))
