"""The street's review: return, refuse, redirect, blow, and the emergency that is reviewed afterwards."""

from types import ModuleType
from typing import Any

import pytest

from services.intake.commands import blow_whistle, confirm_emergency, redirect_case, refuse_case, return_case
from services.intake.domain.case import Case, Review, Ruling, Statutory, Submission
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import State
from shared.access.actor import Actor
from shared.contracts.places import Place
from shared.errors import Conflict, Forbidden, Invalid, StaleVersion
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    BOTH,
    CASE_ID,
    CELL,
    CLERK,
    DIGEST,
    EARLIER,
    EVERYBODY_ELSE,
    NUMBERS,
    PHOTO,
    REVIEWER,
    SUPERVISOR,
    a_case,
    complaint,
    only,
    progress,
    settle,
)

UNDER_REVIEW = a_case(State.UNDER_REVIEW)


def reviews(actor: Actor, version: int | None = None) -> list[tuple[ModuleType, Any]]:
    """Every command of a reviewer."""
    return [
        (return_case, return_case.ReturnCase(CASE_ID, "缺照片", actor, version)),
        (refuse_case, refuse_case.RefuseCase(CASE_ID, "不属实", actor, version)),
        (redirect_case, redirect_case.RedirectCase(CASE_ID, Statutory.PETITION, "信访", actor, version)),
        (blow_whistle, blow_whistle.BlowWhistle(CASE_ID, actor, version)),
        (confirm_emergency, confirm_emergency.ConfirmEmergency(CASE_ID, True, "", actor, version)),
    ]


def test_a_returned_case_says_what_is_missing() -> None:
    """The reason goes out without the complainant's name."""
    outcome = settle(
        return_case, return_case.ReturnCase(CASE_ID, "张建国的照片不清楚", REVIEWER), UNDER_REVIEW, complaint()
    )
    assert only(outcome, Case).review == Review(Ruling.RETURNED, REVIEWER.id, NOON, "***的照片不清楚")
    (event,) = outcome.events
    assert (event.type, event.reason, event.reviewer) == ("case.returned.v1", "***的照片不清楚", REVIEWER.id)


def test_a_refused_case_says_why() -> None:
    """It ends there."""
    outcome = settle(refuse_case, refuse_case.RefuseCase(CASE_ID, "属于合同纠纷", REVIEWER), UNDER_REVIEW, complaint())
    assert only(outcome, Case).review == Review(Ruling.REFUSED, REVIEWER.id, NOON, "属于合同纠纷")
    assert (outcome.events[0].type, outcome.events[0].reason) == ("case.refused.v1", "属于合同纠纷")


@pytest.mark.parametrize("channel", Statutory)
def test_a_redirected_case_names_the_statutory_channel(channel: Statutory) -> None:
    """Litigation, reconsideration, petition, 110, 119, 120, 122."""
    command = redirect_case.RedirectCase(CASE_ID, channel, "依法", REVIEWER)
    outcome = settle(redirect_case, command, UNDER_REVIEW, complaint())
    review = only(outcome, Case).review
    assert (review.ruling, review.channel) == (Ruling.REDIRECTED, channel)
    assert (outcome.events[0].type, outcome.events[0].channel) == ("case.redirected.v1", channel)


def test_the_whistle_tells_departments_everything_but_who_complained() -> None:
    """Number, matter, place, what it is about, who asked, who let it through, and how to know the resident again."""
    outcome = settle(blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), UNDER_REVIEW, complaint())
    (event,) = outcome.events
    assert event.type == "case.whistled.v1"
    assert (event.number, event.kind, event.category) == (NUMBERS[0], "joint_enforcement", "E06-01")
    assert (event.place, event.summary) == (Place(CELL, 0.5, 0.5, "西湖春天1栋门厅"), "二楼饭店厕所漏水到门厅")
    assert (event.author, event.reviewer, event.emergency) == (CLERK.id, REVIEWER.id, False)
    assert (event.tracking_digest, event.photos, event.whistled_at) == (DIGEST, (PHOTO,), NOON)
    case = only(outcome, Case)
    assert (case.state, case.whistled_at, case.review) == (
        State.WHISTLED,
        NOON,
        Review(Ruling.BLOWN, REVIEWER.id, NOON),
    )


@pytest.mark.parametrize("ongoing", [False, True])
def test_the_whistle_says_whether_the_violation_is_in_progress(ongoing: bool) -> None:
    """Whoever is summoned must come sooner then."""
    case = a_case(State.UNDER_REVIEW, ongoing=ongoing)
    (event,) = settle(blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), case, complaint()).events
    assert event.ongoing is ongoing


def test_a_whistle_is_unconfirmed_until_dispatch_tells_of_it() -> None:
    """Its progress says so."""
    outcome = settle(blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), UNDER_REVIEW, complaint())
    assert only(outcome, Progress).confirmed_at is None
    reopened = settle(
        blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), UNDER_REVIEW, complaint(), progress(Stage.REWORK)
    )
    assert only(reopened, Progress).stage is Stage.SUMMONING


def test_the_whistle_about_a_home_tells_its_area_only() -> None:
    """The accused must not learn the complainant's door."""
    home = a_case(State.UNDER_REVIEW, home=True)
    outcome = settle(blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), home, complaint())
    assert outcome.events[0].place == Place(CELL)


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, CLERK, SUPERVISOR], ids=lambda actor: actor.id)
def test_only_a_reviewer_of_the_street_reviews(actor: Actor, index: int) -> None:
    """Whoever is another, or of another street, is refused."""
    module, command = reviews(actor)[index]
    with pytest.raises(Forbidden):
        settle(module, command, a_case(State.UNDER_REVIEW), complaint())


@pytest.mark.parametrize("index", range(5))
def test_nobody_reviews_their_own_whistle(index: int) -> None:
    """Neither who registered it nor who asked for it, though they are reviewers as well."""
    module, command = reviews(BOTH)[index]
    registered = a_case(State.UNDER_REVIEW, author=BOTH.id)
    asked = a_case(State.UNDER_REVIEW, submission=Submission(BOTH.id, EARLIER))
    for case in (registered, asked):
        with pytest.raises(Forbidden):
            settle(module, command, case, complaint())


@pytest.mark.parametrize("index", range(5))
def test_a_review_of_what_has_changed_meanwhile_is_refused(index: int) -> None:
    """The reviewer must read it again."""
    module, command = reviews(REVIEWER, version=1)[index]
    with pytest.raises(StaleVersion):
        settle(module, command, a_case(State.UNDER_REVIEW, version=2), complaint())


EMERGENCY = a_case(State.WHISTLED, emergency=True)


def confirm(case: Case, *, upheld: bool, reason: str = "") -> Any:
    """What the review afterwards decides."""
    command = confirm_emergency.ConfirmEmergency(CASE_ID, upheld, reason, REVIEWER)
    return settle(confirm_emergency, command, case, complaint())


def test_an_emergency_is_confirmed_afterwards() -> None:
    """It needs no reason, like any whistle that is let through."""
    outcome = confirm(EMERGENCY, upheld=True)
    assert only(outcome, Case).review == Review(Ruling.UPHELD, REVIEWER.id, NOON)
    assert (outcome.events[0].type, outcome.events[0].upheld) == ("emergency.confirmed.v1", True)


def test_what_was_no_emergency_is_said_with_a_reason() -> None:
    """The case goes on until somebody voids it."""
    with pytest.raises(Invalid) as refused:
        confirm(EMERGENCY, upheld=False)
    assert list(refused.value.fields) == ["reason"]
    outcome = confirm(EMERGENCY, upheld=False, reason="张建国夸大")
    review = only(outcome, Case).review
    assert (review.ruling, review.reason) == (Ruling.NOT_UPHELD, "***夸大")
    assert (outcome.events[0].upheld, outcome.events[0].reason) == (False, "***夸大")


def test_an_emergency_is_reviewed_once_and_nothing_else_is_reviewed_afterwards() -> None:
    """Every other whistle was reviewed before."""
    with pytest.raises(Conflict, match="already-reviewed"):
        confirm(a_case(State.WHISTLED, emergency=True, review=Review(Ruling.UPHELD, "x", EARLIER)), upheld=True)
    with pytest.raises(Conflict, match="no-emergency"):
        confirm(a_case(State.WHISTLED), upheld=True)
