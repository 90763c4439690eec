"""Asking for a whistle, and solving it in the community instead."""

from datetime import timedelta

import pytest

from services.intake.commands import solve_case, submit_case
from services.intake.domain.case import Attachment, Case, Review, Ruling, Solution, Submission
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import State
from shared.access.actor import Actor
from shared.contracts.places import Place
from shared.engine.work import Outcome
from shared.errors import Conflict, Forbidden, Invalid, StaleVersion
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    BOTH,
    CASE_ID,
    CELL,
    CLERK,
    CLIP,
    DIGEST,
    EARLIER,
    EVERYBODY_ELSE,
    PHOTO,
    REVIEWER,
    a_case,
    complaint,
    only,
    progress,
    settle,
    told,
)


def submit(case: Case, actor: Actor = CLERK, *found: object, version: int | None = None) -> Outcome:
    """What submitting decides."""
    return settle(submit_case, submit_case.SubmitCase(CASE_ID, actor, version), case, *found)


def test_a_submitted_case_waits_for_its_reviewer() -> None:
    """Who asked is noted, for they may not review it."""
    outcome = submit(a_case(), BOTH)
    case = only(outcome, Case)
    assert (case.state, case.submission) == (State.UNDER_REVIEW, Submission(BOTH.id, NOON))
    assert case.authors == (CLERK.id, BOTH.id)
    (event,) = outcome.events
    assert (event.type, event.kind, event.area, event.submitted_by) == (
        "case.submitted.v1",
        "joint_enforcement",
        CELL,
        BOTH.id,
    )


def test_without_a_photo_and_what_was_tried_it_is_not_complete() -> None:
    """The refusal names everything that is missing, at once."""
    with pytest.raises(Conflict) as refused:
        submit(a_case(attachments=(Attachment(CLIP, 1000, "video/mp4"),), tried=""))
    assert refused.value.slug == "incomplete-case"
    assert set(refused.value.fields) == {"attachments", "tried"}


def test_a_kind_that_needs_no_photo_still_needs_what_was_tried() -> None:
    """Which kinds need one is the town's own table."""
    daily = a_case(category="E06-01", kind="daily", attachments=())
    assert only(submit(daily), Case).state is State.UNDER_REVIEW
    with pytest.raises(Conflict) as refused:
        submit(a_case(kind="daily", attachments=(), tried=""))
    assert set(refused.value.fields) == {"tried"}


def test_an_emergency_blows_at_once_with_nothing_but_a_place() -> None:
    """Nobody has reviewed it yet, and nobody has confirmed that the departments are summoned."""
    outcome = submit(a_case(category="E05-04", kind="emergency", attachments=(), tried=""))
    case = only(outcome, Case)
    assert (case.state, case.emergency, case.whistled_at, case.review) == (State.WHISTLED, True, NOON, None)
    (event,) = outcome.events
    assert (event.type, event.emergency, event.reviewer, event.author) == ("case.whistled.v1", True, "", CLERK.id)
    assert only(outcome, Progress) == Progress(CASE_ID, Stage.SUMMONING, NOON, NOON)


def test_a_returned_case_is_submitted_once_more() -> None:
    """The earlier review is past."""
    returned = a_case(State.RETURNED, review=Review(Ruling.RETURNED, REVIEWER.id, EARLIER, "缺照片"))
    assert only(submit(returned), Case).review is None


def test_what_nobody_is_responsible_for_any_more_is_refused() -> None:
    """The table may have changed since it was registered."""
    with pytest.raises(Invalid):
        submit(a_case(category="E09-99"))


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, REVIEWER], ids=lambda actor: actor.id)
def test_only_the_communitys_clerks_submit_or_solve(actor: Actor) -> None:
    """Nobody asks for a whistle in their place."""
    with pytest.raises(Forbidden):
        submit(a_case(), actor)
    with pytest.raises(Forbidden):
        settle(solve_case, solve_case.SolveCase(CASE_ID, "清理", actor), a_case())


def test_a_stale_version_is_refused() -> None:
    """Whoever submits has read what they submit."""
    with pytest.raises(StaleVersion):
        submit(a_case(version=2), version=1)
    with pytest.raises(StaleVersion):
        settle(solve_case, solve_case.SolveCase(CASE_ID, "清理", CLERK, 1), a_case(version=2))


def test_a_small_matter_stays_in_the_community_and_is_still_called_back() -> None:
    """Handed to closure with what was done, the complainant masked."""
    command = solve_case.SolveCase(CASE_ID, "已疏通，张建国确认", CLERK)
    outcome = settle(solve_case, command, a_case(), complaint())
    assert only(outcome, Case).solution == Solution("已疏通，***确认", CLERK.id, NOON)
    (event,) = outcome.events
    assert (event.type, event.measures, event.handled_by) == ("case.self_handled.v1", "已疏通，***确认", CLERK.id)
    assert (event.tracking_digest, event.place) == (DIGEST, Place(CELL, 0.5, 0.5, "西湖春天1栋门厅"))
    assert only(outcome, Progress) == Progress(CASE_ID, Stage.CALL_BACK, NOON, NOON, NOON)


def test_a_case_that_the_community_could_not_solve_after_all_may_be_whistled() -> None:
    """Its progress begins again and its whistle is unconfirmed again."""
    before = progress(Stage.REWORK)
    case = a_case(State.RETURNED, category="E05-04", kind="emergency", solution=Solution("清理", CLERK.id, EARLIER))
    after = only(submit(case, CLERK, before), Progress)
    assert (after.stage, after.whistled_at, after.confirmed_at) == (Stage.SUMMONING, NOON, None)
    again = settle(solve_case, solve_case.SolveCase(CASE_ID, "重新清理", CLERK), case, complaint(), before)
    assert only(again, Progress).confirmed_at == NOON


def test_the_whistle_carries_the_photos_and_nothing_else_of_the_attachments() -> None:
    """Departments see what it is about before they arrive."""
    both = (Attachment(PHOTO, 1000, "image/jpeg"), Attachment(CLIP, 1000, "video/mp4"))
    outcome = submit(a_case(kind="emergency", attachments=both))
    assert told(outcome) == ["case.whistled.v1"]
    assert outcome.events[0].photos == (PHOTO,)
    assert outcome.events[0].whistled_at - NOON == timedelta(0)
