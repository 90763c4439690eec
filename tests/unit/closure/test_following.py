"""What a resident learns and may do by their tracking code."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.closure.domain.feedback import Feedback
from services.closure.domain.following import Done, Followed, followed
from services.closure.domain.transitions import State
from tests.unit.closure.desk import EXCUSED, NO, YES, Desk, desk_with, fed_back


def seen(desk: Desk) -> Followed:
    """The case as its reporter sees it now."""
    feedbacks = [row for row in desk.rows.values() if isinstance(row, Feedback)]
    return followed(desk.case, desk.reporter(), feedbacks, desk.now)


def test_what_was_done_is_told_by_the_departments_names_and_without_people() -> None:
    """A department that was excused did nothing."""
    desk = desk_with(State.TO_VERIFY)
    desk.rows[Feedback, EXCUSED] = Feedback.of(fed_back(EXCUSED, "shichang"))
    lead = next(row for row in desk.rows.values() if isinstance(row, Feedback))
    desk.rows[Feedback, lead.id] = replace(lead, measures="已约谈王女士")
    assert seen(desk).done == (Done("区住建局", "已约谈某女士"), Done("区城管局", "已更换漏水管道"))


def test_what_the_community_did_itself_is_told_without_a_department() -> None:
    """小事不出社区."""
    desk = Desk()
    desk.receive_handled()
    assert seen(desk).done == (Done("", "社区已清理门厅"),)


@pytest.mark.parametrize("state", State)
def test_it_is_the_residents_turn_only_in_the_call_back(state: State) -> None:
    """And to appeal only once it is closed."""
    shown = seen(desk_with(state))
    assert shown.may_answer == (state is State.CALL_BACK)
    assert shown.may_appeal == (state in (State.CLOSED, State.ARCHIVED))
    assert (shown.appeal_until is None) == (not shown.may_appeal)


def test_who_has_answered_need_not_answer_again() -> None:
    """Also while other reporters are still to be asked; after rework everybody is asked anew."""
    desk = desk_with(State.CALL_BACK)
    desk.call(NO)
    assert not seen(desk).may_answer
    desk.receive()
    desk.pass_it()
    assert seen(desk).may_answer


def test_the_right_to_appeal_ends_after_fifteen_days() -> None:
    """When it ended is still told."""
    desk = desk_with(State.CLOSED)
    closed_at = desk.now
    desk.wait(days=15)
    assert seen(desk).may_appeal
    desk.wait(days=1)
    assert (seen(desk).may_appeal, seen(desk).appeal_until) == (False, closed_at + timedelta(days=15))


def test_who_has_appealed_may_not_again() -> None:
    """Once for each reporter."""
    desk = desk_with(State.CLOSED)
    desk.appeal()
    desk.receive()
    desk.pass_it()
    desk.call(YES)
    assert (seen(desk).may_appeal, seen(desk).appeal_until) == (False, None)
