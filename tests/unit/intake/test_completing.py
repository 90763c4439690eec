"""Completing a case until it is submitted."""

from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.commands import complete_case
from services.intake.commands.complete_case import CompleteCase, Corrections
from services.intake.domain.case import Attachment, Case
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.transitions import State
from services.intake.domain.upload import Upload
from shared.access.actor import Actor
from shared.contracts.places import Place
from shared.engine.work import Outcome
from shared.errors import Forbidden, Invalid, StaleVersion
from tests.unit.intake.samples import (
    BOTH,
    CASE_ID,
    CELL,
    CLERK,
    CLIP,
    EVERYBODY_ELSE,
    OTHER_GRID,
    PHOTO,
    REPORTER,
    a_case,
    complaint,
    only,
    settle,
    uploads,
)


def complete(case: Case | None = None, actor: Actor = CLERK, version: int | None = None, **said: Any) -> Outcome:
    """What completing with these corrections decides."""
    command = CompleteCase(CASE_ID, Corrections(**said), actor, version)
    return settle(complete_case, command, case or a_case(), complaint(), *uploads(PHOTO, CLIP))


def test_what_is_not_corrected_stays() -> None:
    """An empty correction changes nothing but the version; the summary is the description without the complainant."""
    before = a_case()
    after = only(complete(), Case)
    assert after == replace(before, version=2, summary="我是***，二楼饭店厕所漏水到门厅")


def test_a_correction_says_what_is_new() -> None:
    """Words, reporter and what was tried; everything is masked by the corrected reporter."""
    new = Reporter("李秀兰", "13900139000", "")
    outcome = complete(description="李秀兰说饭店又漏水了", reporter=new, tried="已约谈店主，李阿姨在场")
    case, kept = only(outcome, Case), only(outcome, Complaint)
    assert (kept.name, kept.phone, kept.description, kept.version) == (
        "李秀兰",
        "13900139000",
        "李秀兰说饭店又漏水了",
        2,
    )
    assert (case.summary, case.tried) == ("***说饭店又漏水了", "已约谈店主，***在场")


def test_a_new_category_brings_its_own_kind() -> None:
    """Unless a kind is named with it."""
    assert only(complete(category="E05-04"), Case).kind == "emergency"
    assert only(complete(category="E05-04", kind="daily"), Case).kind == "daily"
    assert only(complete(kind="emergency"), Case).category == "E06-01"


def test_a_corrected_place_lies_in_its_own_area() -> None:
    """And a place that is not corrected stays where it is, with or without a point."""
    assert only(complete(place=Place("", 1.5, 0.5)), Case).area == "cj.sanhe.honghu.g03.c10"
    without_point = a_case(longitude=None, latitude=None)
    assert only(complete(without_point, tried="又去了一次"), Case).area == CELL


def test_a_place_may_turn_out_to_be_the_complainants_home() -> None:
    """From then on others see its area only."""
    assert only(complete(home=True), Case).public_place == Place(CELL)


def test_a_violation_may_turn_out_to_be_in_progress_or_to_be_over() -> None:
    """What is not corrected stays."""
    assert only(complete(ongoing=True), Case).ongoing
    assert only(complete(a_case(ongoing=True), tried="又去了一次"), Case).ongoing
    assert not only(complete(a_case(ongoing=True), ongoing=False), Case).ongoing


def test_attachments_are_replaced_as_a_whole() -> None:
    """Those that a case did not name before are kept from now on."""
    outcome = complete(attachments=(PHOTO, CLIP))
    assert only(outcome, Case).attachments == (
        Attachment(PHOTO, 1000, "image/jpeg"),
        Attachment(CLIP, 1000, "video/mp4"),
    )
    assert {one.id for one in outcome.changed if isinstance(one, Upload)} == {PHOTO, CLIP}
    assert only(complete(attachments=()), Case).attachments == ()


def test_what_a_colleague_attached_stays_attached() -> None:
    """A clerk who adds a file need not send the others again."""
    others = (replace(uploads(PHOTO)[0], senders=("colleague",)), *uploads(CLIP))
    command = CompleteCase(CASE_ID, Corrections(attachments=(PHOTO, CLIP)), CLERK)
    assert len(only(settle(complete_case, command, a_case(), complaint(), *others), Case).attachments) == 2
    with pytest.raises(Invalid) as refused:
        settle(complete_case, command, a_case(attachments=()), complaint(), *others)
    assert list(refused.value.fields) == ["attachments.0"]


def test_what_the_town_cannot_handle_is_refused_as_when_registering() -> None:
    """Nothing is changed."""
    with pytest.raises(Invalid):
        complete(category="E99-99")
    with pytest.raises(Invalid):
        complete(attachments=("c" * 64,))


@pytest.mark.parametrize("actor", EVERYBODY_ELSE, ids=lambda actor: actor.id)
def test_only_the_communitys_clerks_complete_it(actor: Actor) -> None:
    """Whoever is of elsewhere, or no clerk, is refused."""
    with pytest.raises(Forbidden):
        complete(actor=actor, tried="…")


def test_a_clerk_cannot_move_a_case_out_of_their_own_area() -> None:
    """The street's clerk can."""
    elsewhere = Place("", 4.5, 0.5)
    with pytest.raises(Forbidden):
        complete(place=elsewhere)
    assert only(complete(actor=BOTH, place=elsewhere), Case).area == OTHER_GRID


def test_a_correction_of_what_somebody_else_changed_meanwhile_is_refused() -> None:
    """The clerk must read it again."""
    with pytest.raises(StaleVersion):
        complete(a_case(version=3), version=2)
    assert only(complete(a_case(version=3), version=3), Case).version == 4


def test_a_returned_case_stays_returned_until_it_is_submitted() -> None:
    """Completing is not asking."""
    assert only(complete(a_case(State.RETURNED), tried="补充了材料"), Case).state is State.RETURNED


def test_the_complainants_data_is_changed_only_where_it_is_corrected() -> None:
    """A correction of the place leaves name and telephone."""
    assert only(complete(tried="…"), Complaint).reporter == REPORTER
