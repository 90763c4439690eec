"""The table of transitions, row by row: what it has leads where it says, and what it lacks is refused."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.enforcement.domain.transitions import (
    ASSIGNMENT,
    RECORD,
    AssignmentAction,
    AssignmentState,
    RecordAction,
    RecordState,
    next_state,
)
from services.enforcement.domain.values import Source
from shared.errors import IllegalTransition
from tests.unit.enforcement.team import CHEN, WU, Desk, assignment, with_record

R, A = RecordState, AssignmentState


def add_and_review(desk: Desk) -> Any:
    """Review a piece that was added while the record was open."""
    return desk.review(next(one for one in desk.kept.values() if type(one).__name__ == "Evidence"))


# How each action is done: by the command that stands for it.
DOING: dict[RecordAction, Callable[[Desk], Any]] = {
    RecordAction.FIND_NOTHING: lambda desk: desk.check(violation=False),
    RecordAction.FIND_VIOLATION: Desk.check,
    RecordAction.ORDER: Desk.order,
    RecordAction.FIND_RECTIFIED: Desk.recheck,
    RecordAction.FIND_NOT_RECTIFIED: lambda desk: desk.recheck(rectified=False),
    RecordAction.CONCLUDE: Desk.conclude,
    RecordAction.TRANSFER: Desk.transfer,
    RecordAction.ADD_EVIDENCE: lambda desk: desk.add(desk.upload()),
    RecordAction.REVIEW_EVIDENCE: add_and_review,
    RecordAction.RECUSE: Desk.recuse,
}

LEADS_TO = {
    (R.OPENED, RecordAction.FIND_NOTHING): R.NOTHING_FOUND,
    (R.OPENED, RecordAction.FIND_VIOLATION): R.VIOLATION_FOUND,
    (R.OPENED, RecordAction.TRANSFER): R.TRANSFERRED,
    (R.NOTHING_FOUND, RecordAction.FIND_NOTHING): R.NOTHING_FOUND,
    (R.NOTHING_FOUND, RecordAction.FIND_VIOLATION): R.VIOLATION_FOUND,
    (R.NOTHING_FOUND, RecordAction.CONCLUDE): R.CONCLUDED,
    (R.VIOLATION_FOUND, RecordAction.FIND_VIOLATION): R.VIOLATION_FOUND,
    (R.VIOLATION_FOUND, RecordAction.ORDER): R.ORDERED,
    (R.VIOLATION_FOUND, RecordAction.TRANSFER): R.TRANSFERRED,
    (R.ORDERED, RecordAction.FIND_RECTIFIED): R.RECTIFIED,
    (R.ORDERED, RecordAction.FIND_NOT_RECTIFIED): R.NOT_RECTIFIED,
    (R.RECTIFIED, RecordAction.CONCLUDE): R.CONCLUDED,
    (R.NOT_RECTIFIED, RecordAction.ORDER): R.ORDERED,
    (R.NOT_RECTIFIED, RecordAction.TRANSFER): R.TRANSFERRED,
}
STAYING = (RecordAction.ADD_EVIDENCE, RecordAction.REVIEW_EVIDENCE, RecordAction.RECUSE)
OPEN = (R.OPENED, R.NOTHING_FOUND, R.VIOLATION_FOUND, R.ORDERED, R.RECTIFIED, R.NOT_RECTIFIED)
EXPECTED = LEADS_TO | {(state, action): state for state, action in product(OPEN, STAYING)}


def with_evidence(state: RecordState) -> Desk:
    """A record in this state with a lead from a camera, added while it was open."""
    desk = with_record(R.OPENED)
    desk.add(source=Source.CAMERA)
    done = with_record(state)
    desk.kept |= done.kept
    return desk


@pytest.mark.parametrize(("state", "action"), EXPECTED)
def test_every_row_is_reached_by_its_command(state: RecordState, action: RecordAction) -> None:
    """The command that stands for the action leaves the record in the state that the row names."""
    desk = with_evidence(state)
    DOING[action](desk)
    assert desk.record.state is EXPECTED[state, action]


@pytest.mark.parametrize(("state", "action"), sorted(set(product(RecordState, RecordAction)) - EXPECTED.keys()))
def test_every_missing_row_is_refused_with_state_and_action(state: RecordState, action: RecordAction) -> None:
    """The refusal names what was tried and in which state; nothing has changed."""
    desk = with_evidence(state)
    before = dict(desk.kept)
    with pytest.raises(IllegalTransition) as refusal:
        DOING[action](desk)
    assert refusal.value.facts == {"state": str(state), "action": str(action)}
    assert {key: one for key, one in desk.kept.items() if key in before} == before


def test_the_table_of_records_has_no_other_rows() -> None:
    """A new row needs a line in this test."""
    assert {key: row.to for key, row in RECORD.items()} == EXPECTED


ASSIGNMENTS = {
    (A.SUMMONED, AssignmentAction.REPORT_IN): A.REPORTED_IN,
    (A.SUMMONED, AssignmentAction.END): A.ENDED,
    (A.REPORTED_IN, AssignmentAction.OPEN_RECORD): A.REPORTED_IN,
    (A.REPORTED_IN, AssignmentAction.FEED_BACK): A.FED_BACK,
    (A.REPORTED_IN, AssignmentAction.END): A.ENDED,
    (A.FED_BACK, AssignmentAction.REOPEN): A.REPORTED_IN,
    (A.FED_BACK, AssignmentAction.END): A.ENDED,
}


def test_the_table_of_assignments_has_these_rows_and_no_others() -> None:
    """It follows dispatch as far as enforcement needs."""
    assert {key: row.to for key, row in ASSIGNMENT.items()} == ASSIGNMENTS


@pytest.mark.parametrize(
    ("state", "action"), sorted(set(product(AssignmentState, AssignmentAction)) - ASSIGNMENTS.keys())
)
def test_what_an_assignment_s_table_lacks_is_refused_and_changes_nothing_when_followed(
    state: AssignmentState, action: AssignmentAction
) -> None:
    """Asked for, it is refused; announced by dispatch, it is no longer relevant."""
    with pytest.raises(IllegalTransition):
        next_state(state, action)
    there = assignment(state)
    assert there.after(action) is there


def test_a_record_can_be_ordered_again_until_it_is_rectified() -> None:
    """Order, re-check and order again; each order keeps its own re-check."""
    desk = with_record(R.NOT_RECTIFIED)
    desk.wait(days=3)
    desk.order(desk.now.date() + timedelta(days=2))
    desk.recheck()
    desk.conclude()
    assert [order.recheck and order.recheck.rectified for order in desk.record.orders] == [False, True]
    assert desk.record.state is R.CONCLUDED


def test_the_officers_stay_the_same_through_all_of_it() -> None:
    """Only a recusal changes them."""
    desk = with_record(R.CONCLUDED)
    assert desk.record.officer_ids == ("chen", "lin")
    assert desk.record.opened_by == CHEN.id
    assert WU.id not in desk.record.officer_ids
