"""How far a case has come, as its reporter sees it."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.commands import follow_progress, reopen_case
from services.intake.domain.case import Case, Review, Ruling, Statutory, Submission, Withdrawal
from services.intake.domain.labels import STATUSES, status_of, told
from services.intake.domain.progress import STAGES, Progress, Stage
from services.intake.domain.transitions import State
from shared.contracts import closure, dispatch
from shared.engine.work import NOTHING
from shared.errors import NotFound
from tests.support.deciding import NOON
from tests.unit.intake.samples import CASE_ID, EARLIER, a_case, only, progress, settle

HOUR = timedelta(hours=1)


def follow(before: Progress, **said: Any) -> Any:
    """What following decides."""
    command = follow_progress.FollowProgress(CASE_ID, **{"at": NOON, **said})
    return settle(follow_progress, command, before)


def test_the_first_news_confirms_the_whistle() -> None:
    """Dispatch has it; who takes part may read the attachments from now on."""
    before = progress(Stage.SUMMONING, confirmed_at=None)
    after = only(follow(before, stage=Stage.DISPATCHED, departments=("zhujian", "chengguan")), Progress)
    assert (after.stage, after.stage_since, after.confirmed_at) == (Stage.DISPATCHED, NOON, NOON)
    assert after.departments == ("zhujian", "chengguan")


def test_news_that_began_before_the_present_stage_are_past() -> None:
    """Dispatch and closure tell independently: a late hand-over does not undo the call-back."""
    before = progress(Stage.CALL_BACK, stage_since=NOON)
    assert follow(before, stage=Stage.TO_VERIFY, at=NOON - timedelta(seconds=1)) == NOTHING
    assert only(follow(before, stage=Stage.CLOSED), Progress).stage is Stage.CLOSED


def test_who_takes_part_is_followed_whatever_the_stage() -> None:
    """A corrected summons takes the right to read from one department and gives it to another."""
    before = progress(Stage.CLOSED, stage_since=NOON, departments=("zhujian",))
    after = only(follow(before, departments=("chengguan",), at=EARLIER), Progress)
    assert (after.departments, after.stage) == (("chengguan",), Stage.CLOSED)
    assert follow(before, departments=("zhujian",)) == NOTHING


def test_what_tells_nothing_new_changes_nothing() -> None:
    """No row is written."""
    assert follow(progress(Stage.REWORK), stage=Stage.REWORK) == NOTHING


def test_news_of_a_case_that_intake_never_gave_away_are_refused() -> None:
    """The message is parked for somebody to look at."""
    with pytest.raises(NotFound):
        settle(follow_progress, follow_progress.FollowProgress(CASE_ID, NOON), a_case())


def test_every_event_that_changes_a_cases_state_has_its_stage() -> None:
    """The table names each of dispatch's and closure's case events but those that settle a withdrawal."""
    settled = {dispatch.DispatchWithdrawnV1, closure.ClosureWithdrawnV1, dispatch.WithdrawalForwardedV1}
    about_cases = {
        kind
        for module in (dispatch, closure)
        for kind in vars(module).values()
        if getattr(kind, "type", "").split(".")[0] in ("case", "verification", "dispatch")
    }
    assert about_cases - settled - {closure.CaseEvaluatedV1} == set(STAGES)


def test_what_the_community_solved_is_its_own_again_when_the_reporter_disagrees() -> None:
    """Back to be completed: solved better, or whistled."""
    outcome = settle(
        reopen_case, reopen_case.ReopenCase(CASE_ID, NOON), a_case(State.SELF_HANDLED), progress(Stage.CALL_BACK)
    )
    assert only(outcome, Case).state is State.RETURNED
    assert only(outcome, Progress).stage is Stage.REWORK


def test_what_the_departments_handled_stays_with_them() -> None:
    """Only the progress tells."""
    outcome = settle(reopen_case, reopen_case.ReopenCase(CASE_ID, NOON), a_case(State.WHISTLED), progress(Stage.CLOSED))
    assert [type(one) for one in outcome.changed] == [Progress]
    again = settle(reopen_case, reopen_case.ReopenCase(CASE_ID, NOON), a_case(State.WHISTLED), progress(Stage.REWORK))
    assert again.changed == ()


@pytest.mark.parametrize("state", State)
def test_a_resident_reads_something_in_every_state(state: State) -> None:
    """In both languages, with and without news of others."""
    for stage in (None, *Stage):
        status = status_of(a_case(state), progress(stage) if stage else None)
        if stage is not None or state not in (State.WHISTLED, State.SELF_HANDLED, State.WITHDRAWING):
            assert STATUSES[status].zh
            assert STATUSES[status].en


def test_once_it_is_given_away_the_others_tell_how_far_it_is() -> None:
    """While it is being withdrawn nothing has changed for its reporter; when it is void, it has."""
    assert status_of(a_case(State.WHISTLED), progress(Stage.IN_PROGRESS)) is Stage.IN_PROGRESS
    assert status_of(a_case(State.WITHDRAWING), progress(Stage.IN_PROGRESS)) is Stage.IN_PROGRESS
    assert status_of(a_case(State.VOID), progress(Stage.IN_PROGRESS)) is State.VOID
    assert status_of(a_case(State.RETURNED), progress(Stage.REWORK)) is State.RETURNED


def test_a_resident_is_told_number_status_and_since_when() -> None:
    """In their language; of what goes on no reason, for it has not ended."""
    said = told(a_case(State.WHISTLED), progress(Stage.IN_PROGRESS, stage_since=NOON), "en")
    assert said == {
        "number": a_case().number,
        "status": Stage.IN_PROGRESS,
        "said": "The departments are at work",
        "since": NOON,
        "reason": "",
        "channel": None,
    }
    assert told(a_case(State.DRAFT), None, "zh")["said"] == "已受理，社区正在核实"


def test_since_when_is_the_last_that_happened_here() -> None:
    """Registered, submitted, reviewed, withdrawn."""
    submitted = a_case(State.UNDER_REVIEW, submission=Submission("clerk", NOON))
    returned = replace(submitted, state=State.RETURNED, review=Review(Ruling.RETURNED, "r", NOON + HOUR, "缺照片"))
    void = replace(returned, state=State.VOID, withdrawal=Withdrawal(CASE_ID, "误报", "s", NOON + 2 * HOUR))
    seen = [told(case, None, "zh")["since"] for case in (a_case(), submitted, returned, void)]
    assert seen == [EARLIER, NOON, NOON + HOUR, NOON + 2 * HOUR]


def test_what_ended_here_tells_why_and_where_to_turn_instead() -> None:
    """What a reviewer wrote to the community about a return is none of the resident's."""
    refused = a_case(State.REFUSED, review=Review(Ruling.REFUSED, "r", NOON, "不属实"))
    pointed = Review(Ruling.REDIRECTED, "r", NOON, "信访事项", Statutory.PETITION)
    redirected = a_case(State.REDIRECTED, review=pointed)
    void = a_case(State.VOID, withdrawal=Withdrawal(CASE_ID, "误报", "s", NOON))
    returned = a_case(State.RETURNED, review=Review(Ruling.RETURNED, "r", NOON, "缺照片"))
    asked = a_case(State.WITHDRAWING)
    seen = [told(case, None, "zh") for case in (refused, redirected, void, returned)]
    seen.append(told(asked, progress(), "zh"))
    assert [one["reason"] for one in seen] == ["不属实", "信访事项", "误报", "", ""]
    assert [one["channel"] for one in seen] == [None, Statutory.PETITION, None, None, None]
