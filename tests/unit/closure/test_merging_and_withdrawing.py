"""Merging and voiding a case that was handed over, and taking in the reporters of others."""

from typing import Any
from uuid import UUID

import pytest

from services.closure.commands import absorb_case, follow_withdrawal, withdraw_case
from services.closure.domain.reporter import Reporter
from services.closure.domain.transitions import State
from shared.contracts.closure import CaseClosedV1, ClosureWithdrawnV1, WithdrawalRefusedV1
from shared.contracts.dispatch import DispatchWithdrawnV1
from shared.contracts.intake import (
    CaseAbsorbedV1,
    CaseRedirectedV1,
    CaseRefusedV1,
    CaseWithdrawnV1,
    WithdrawalRequestedV1,
)
from shared.errors import IllegalTransition, NotFound
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    CASE,
    NO,
    OTHER_CASE,
    OTHER_DIGEST,
    OTHER_RESIDENT,
    REQUEST,
    RESIDENT,
    YES,
    Desk,
    desk_with,
)

OPEN = [State.TO_VERIFY, State.CALL_BACK, State.REWORK]
ABSORBED = CaseAbsorbedV1(CASE, OTHER_CASE, OTHER_DIGEST, NOON)
ENDED_ELSEWHERE = [
    DispatchWithdrawnV1(CASE, OTHER_CASE, "重复登记", "reviewer.sanhe", NOON),
    CaseWithdrawnV1(CASE, OTHER_CASE, "重复登记", "reviewer.sanhe", NOON),
    CaseRefusedV1(CASE, "不属职责", "reviewer.sanhe", NOON),
    CaseRedirectedV1(CASE, "诉讼", "属民事纠纷", "reviewer.sanhe", NOON),
]


def absorb(desk: Desk, event: CaseAbsorbedV1 = ABSORBED) -> None:
    """Another case is merged into this one."""
    desk.do(absorb_case, absorb_case.AbsorbCase(event))


class TestWithdrawal:
    """Closure decides while it owns the case."""

    @pytest.mark.parametrize("state", OPEN)
    def test_an_open_case_is_given_up(self, state: State) -> None:
        """The request's answer says into what it was merged, and who wanted it."""
        desk = desk_with(state)
        desk.withdraw(into=OTHER_CASE)
        accepted = ClosureWithdrawnV1(CASE, REQUEST, OTHER_CASE, "重复登记", "reviewer.sanhe", NOON)
        assert desk.announced(ClosureWithdrawnV1) == [accepted]
        assert (desk.case.into, desk.case.withdrawn_at) == (OTHER_CASE, NOON)

    @pytest.mark.parametrize("state", [State.CLOSED, State.ARCHIVED])
    def test_a_closed_case_is_not(self, state: State) -> None:
        """The refusal names the request, so that intake can settle it."""
        desk = desk_with(state)
        desk.withdraw()
        assert desk.announced(WithdrawalRefusedV1) == [WithdrawalRefusedV1(CASE, REQUEST, "already-closed", NOON)]

    def test_intake_asks_for_a_self_handled_case_itself(self) -> None:
        """No department ever had it."""
        desk = Desk()
        desk.receive_handled()
        request = WithdrawalRequestedV1(CASE, REQUEST, None, "误登", "reviewer.sanhe", NOON)
        desk.do(withdraw_case, withdraw_case.WithdrawCase(request))
        assert desk.case.state is State.WITHDRAWN
        assert desk.announced(ClosureWithdrawnV1)[0].request_id == REQUEST

    def test_a_case_that_was_never_here_is_parked_rather_than_forgotten(self) -> None:
        """A request nobody answers would hang for ever."""
        with pytest.raises(NotFound):
            Desk().withdraw()

    @pytest.mark.parametrize("state", OPEN)
    @pytest.mark.parametrize("event", ENDED_ELSEWHERE, ids=lambda event: event.type)
    def test_an_end_that_others_decided_is_followed(self, state: State, event: Any) -> None:
        """Closure takes note and announces nothing."""
        desk = desk_with(state)
        announced = len(desk.events)
        desk.do(follow_withdrawal, follow_withdrawal.FollowWithdrawal(event))
        assert desk.case.state is State.WITHDRAWN
        assert desk.case.into == getattr(event, "into", None)
        assert len(desk.events) == announced

    @pytest.mark.parametrize("state", [None, State.CLOSED, State.ARCHIVED, State.WITHDRAWN])
    @pytest.mark.parametrize("event", ENDED_ELSEWHERE, ids=lambda event: event.type)
    def test_and_passed_over_where_nothing_is_open(self, state: State | None, event: Any) -> None:
        """A case that never came here, or has ended, stays as it is."""
        desk = desk_with(state)
        before = dict(desk.rows)
        desk.do(follow_withdrawal, follow_withdrawal.FollowWithdrawal(event))
        assert desk.rows == before


class TestAbsorbing:
    """Every reporter of a merged case is called back."""

    def test_a_reporter_may_come_before_the_case(self) -> None:
        """The merge can happen while the departments are still at work."""
        desk = Desk()
        absorb(desk)
        desk.receive()
        desk.pass_it()
        desk.call(YES)
        assert desk.stands_at(State.CALL_BACK)
        desk.call(YES, OTHER_CASE)
        assert desk.stands_at(State.CLOSED)

    def test_the_reporters_of_the_absorbed_case_come_along(self) -> None:
        """Also those whom it had absorbed itself."""
        desk = desk_with(State.CALL_BACK)
        third = UUID(int=3)
        desk.rows[Reporter, OTHER_DIGEST] = Reporter(OTHER_DIGEST, OTHER_CASE, OTHER_CASE)
        desk.rows[Reporter, "d4" * 32] = Reporter("d4" * 32, OTHER_CASE, third)
        absorb(desk)
        assert {row.own_case for row in desk.rows.values() if isinstance(row, Reporter) and row.case_id == CASE} == {
            CASE,
            OTHER_CASE,
            third,
        }

    def test_what_they_answered_before_the_merge_does_not_count(self) -> None:
        """They are asked about the case that they belong to now."""
        desk = desk_with(State.CALL_BACK)
        earlier = Reporter(OTHER_DIGEST, OTHER_CASE, OTHER_CASE).contacted(1, YES, "", "x", False, NOON)
        desk.rows[Reporter, OTHER_DIGEST] = earlier
        absorb(desk)
        desk.call(YES)
        assert desk.case.state is State.CALL_BACK

    def test_a_reporter_whom_the_hotline_keeps_is_known_by_their_case(self) -> None:
        """There is no tracking code."""
        desk = desk_with(State.CALL_BACK)
        absorb(desk, CaseAbsorbedV1(CASE, OTHER_CASE, "", NOON))
        assert desk.rows[Reporter, str(OTHER_CASE)].case_id == CASE

    @pytest.mark.parametrize("state", [State.CLOSED, State.ARCHIVED])
    def test_a_closed_case_is_called_back_once_more(self, state: State) -> None:
        """Only the newcomer is asked; then it is closed again."""
        desk = desk_with(state)
        absorb(desk)
        assert (desk.case.state, desk.case.closed_at) == (State.CALL_BACK, None)
        desk.call(YES, OTHER_CASE)
        assert desk.case.state is State.CLOSED
        assert len(desk.announced(CaseClosedV1)) == 2

    def test_each_reporter_has_their_own_appeal(self) -> None:
        """What one has used up is not taken from the other."""
        desk = desk_with(State.CALL_BACK)
        absorb(desk)
        for resident in (RESIDENT, OTHER_RESIDENT):
            desk.call(YES)
            desk.call(YES, OTHER_CASE)
            desk.appeal(resident)
            desk.receive()
            desk.pass_it()
        assert desk.case.round == 3

    def test_a_withdrawn_case_takes_nobody_in(self) -> None:
        """Intake must not merge into it: the message is parked and looked at."""
        with pytest.raises(IllegalTransition):
            absorb(desk_with(State.WITHDRAWN))


def test_an_unresolved_case_may_be_withdrawn_instead_of_reworked() -> None:
    """Rework is an open state."""
    desk = desk_with(State.CALL_BACK)
    desk.call(NO)
    desk.withdraw()
    assert desk.case.state is State.WITHDRAWN
