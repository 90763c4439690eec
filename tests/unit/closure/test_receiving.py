"""A case comes to closure: from the departments, from the community itself, again after rework."""

from uuid import UUID

from msgspec.structs import replace

from services.closure.commands import keep_feedback, receive_case, receive_handled_case
from services.closure.domain.feedback import Feedback
from services.closure.domain.reporter import Reporter
from services.closure.domain.transitions import State
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    CASE,
    DIGEST,
    EXCUSED,
    LEAD,
    NO,
    SUPPORT,
    Desk,
    desk_with,
    fed_back,
    handed_over,
    self_handled,
)


def test_a_handed_over_case_is_to_be_verified_and_knows_who_was_there() -> None:
    """Who fed back is present; who was excused is not; the reporter is known by their digest."""
    desk = desk_with(State.TO_VERIFY)
    assert {part.assignment_id: part.present for part in desk.case.parts} == {LEAD: True, SUPPORT: True, EXCUSED: False}
    assert desk.case.departments == ("zhujian", "chengguan", "shichang")
    assert desk.case.handed_at == NOON
    assert desk.reporter() == Reporter(DIGEST, CASE, CASE)


def test_what_a_department_fed_back_is_kept_and_renewed_after_rework() -> None:
    """There is one feedback an assignment, the newest."""
    desk = Desk()
    desk.do(keep_feedback, keep_feedback.KeepFeedback(fed_back()))
    again = replace(fed_back(round=2), measures="更换整段管道")
    desk.do(keep_feedback, keep_feedback.KeepFeedback(again))
    kept = desk.rows[Feedback, LEAD]
    assert (kept.measures, kept.round, kept.version) == ("更换整段管道", 2, 2)


def test_rework_brings_the_case_back_in_a_new_round_with_all_its_handlers() -> None:
    """Whoever handled an earlier round stays a handler, and the first verification stays on record."""
    desk = desk_with(State.REWORK)
    again = replace(handed_over(round=2), handlers=("officer2.chengguan",))
    desk.do(receive_case, receive_case.ReceiveCase(again))
    assert desk.case.round == 2
    assert desk.case.handlers == ("officer.zhujian", "officer.chengguan", "officer2.chengguan")
    assert [one.passed for one in desk.case.verifications] == [False]


def test_a_case_without_a_tracking_code_has_a_reporter_all_the_same() -> None:
    """The hotline keeps who called; they are known by the case."""
    desk = Desk()
    desk.do(receive_case, receive_case.ReceiveCase(handed_over(digest="")))
    assert desk.rows[Reporter, str(CASE)].own_case == CASE


def test_what_the_community_solved_itself_is_called_back_at_once() -> None:
    """小事不出社区: no verification, no departments."""
    desk = Desk()
    desk.receive_handled()
    assert desk.case.state is State.CALL_BACK
    assert desk.case.measures == "社区已清理门厅"
    assert desk.case.parts == ()


def test_the_community_may_take_up_again_what_the_resident_did_not_accept() -> None:
    """A second attempt by the community is a second round."""
    desk = Desk()
    desk.receive_handled()
    desk.call(NO)
    desk.do(receive_handled_case, receive_handled_case.ReceiveHandledCase(self_handled("已疏通排水")))
    assert (desk.case.state, desk.case.round, desk.case.measures) == (State.CALL_BACK, 2, "已疏通排水")


def test_what_the_community_could_not_solve_may_come_back_from_the_departments() -> None:
    """A self-handled case that is whistled after all is verified like any other, by nobody who handled it."""
    desk = Desk()
    desk.receive_handled()
    desk.call(NO)
    desk.receive()
    assert (desk.case.state, desk.case.round) == (State.TO_VERIFY, 2)
    assert "clerk.honghu" in desk.case.handlers
    assert len(desk.case.present) == 2


def test_a_reporter_who_is_known_already_is_not_added_twice() -> None:
    """The digest may have come first, by a merge."""
    desk = Desk()
    desk.rows[Reporter, DIGEST] = Reporter(DIGEST, UUID(int=9), CASE)
    desk.receive()
    assert desk.reporter().case_id == UUID(int=9)
    other = Desk()
    other.rows[Reporter, DIGEST] = Reporter(DIGEST, UUID(int=9), CASE)
    other.receive_handled()
    assert other.reporter().case_id == UUID(int=9)
