"""The transition table: every row that stands leads where DOMAIN says, every one that is missing is refused."""

import re
from itertools import product
from pathlib import Path

import pytest

from services import dispatch
from services.dispatch.domain.transitions import (
    ASSIGNMENT,
    CASE,
    AssignmentAction,
    AssignmentState,
    CaseAction,
    CaseState,
    next_state,
    possible,
)
from shared.errors import IllegalTransition

CASE_ROWS = """
awaiting     correct      dispatched
awaiting     withdraw     withdrawn
dispatched   correct      dispatched
dispatched   add_support  dispatched
dispatched   proceed      dispatched
dispatched   begin        in_progress
dispatched   withdraw     withdrawn
in_progress  add_support  in_progress
in_progress  proceed      in_progress
in_progress  begin        in_progress
in_progress  release      in_progress
in_progress  hand_over    to_verify
in_progress  suspend      suspended
in_progress  withdraw     withdrawn
suspended    release      suspended
suspended    resume       in_progress
suspended    withdraw     withdrawn
to_verify    release      to_verify
to_verify    accept       to_verify
to_verify    forward      to_verify
to_verify    close        closed
to_verify    reopen       rework
to_verify    withdraw     withdrawn
rework       add_support  rework
rework       proceed      rework
rework       begin        in_progress
rework       withdraw     withdrawn
closed       forward      closed
closed       reopen       rework
"""

ASSIGNMENT_ROWS = """
to_sign      sign         signed
to_sign      deem_signed  signed
to_sign      dispute      disputed
to_sign      excuse       excused
to_sign      withdraw     withdrawn
disputed     uphold       to_sign
disputed     reroute      rerouted
disputed     excuse       excused
disputed     withdraw     withdrawn
signed       report_in    reported_in
signed       extend       signed
signed       excuse       excused
signed       withdraw     withdrawn
reported_in  start        in_progress
reported_in  report_progress reported_in
reported_in  extend       reported_in
reported_in  release      reported_in
reported_in  excuse       excused
reported_in  withdraw     withdrawn
in_progress  report_progress in_progress
in_progress  feed_back    fed_back
in_progress  extend       in_progress
in_progress  release      in_progress
in_progress  excuse       excused
in_progress  withdraw     withdrawn
fed_back     release      fed_back
fed_back     accept       accepted
fed_back     reopen       rework
fed_back     withdraw     withdrawn
accepted     release      accepted
accepted     reopen       rework
rework       start        in_progress
rework       extend       rework
rework       excuse       excused
rework       withdraw     withdrawn
"""


def rows(text: str) -> dict[tuple[str, str], str]:
    """A table as it is written down above."""
    return {(state, action): to for state, action, to in map(str.split, text.strip().splitlines())}


def test_the_table_of_cases_is_the_one_written_down_here() -> None:
    """A row added, removed or led elsewhere shows."""
    assert {(state.value, action.value): row.to.value for (state, action), row in CASE.items()} == rows(CASE_ROWS)


def test_the_table_of_assignments_is_the_one_written_down_here() -> None:
    """A row added, removed or led elsewhere shows."""
    found = {(state.value, action.value): row.to.value for (state, action), row in ASSIGNMENT.items()}
    assert found == rows(ASSIGNMENT_ROWS)


@pytest.mark.parametrize(("state", "action"), [*product(CaseState, CaseAction)])
def test_a_case_moves_by_a_row_and_is_refused_without_one(state: CaseState, action: CaseAction) -> None:
    """Every pair of state and action, those without a row included."""
    expected = rows(CASE_ROWS).get((state.value, action.value))
    assert possible(state, action) is (expected is not None)
    if expected:
        assert next_state(state, action) == expected
    else:
        with pytest.raises(IllegalTransition) as refusal:
            next_state(state, action)
        assert refusal.value.facts == {"state": state.value, "action": action.value}


@pytest.mark.parametrize(("state", "action"), [*product(AssignmentState, AssignmentAction)])
def test_an_assignment_moves_by_a_row_and_is_refused_without_one(
    state: AssignmentState, action: AssignmentAction
) -> None:
    """Every pair of state and action, those without a row included."""
    expected = rows(ASSIGNMENT_ROWS).get((state.value, action.value))
    assert possible(state, action) is (expected is not None)
    if expected:
        assert next_state(state, action) == expected
    else:
        with pytest.raises(IllegalTransition) as refusal:
            next_state(state, action)
        assert refusal.value.facts == {"state": state.value, "action": action.value}


def test_every_state_can_be_reached_from_where_a_case_begins() -> None:
    """No state stands apart."""
    reached: set[str] = {"awaiting", "dispatched"}
    for _ in CaseState:
        reached |= {to for (state, _), to in rows(CASE_ROWS).items() if state in reached}
    assert reached == set(CaseState)


def test_every_state_of_an_assignment_can_be_reached_from_its_summons() -> None:
    """No state stands apart."""
    reached: set[str] = {"to_sign"}
    for _ in AssignmentState:
        reached |= {to for (state, _), to in rows(ASSIGNMENT_ROWS).items() if state in reached}
    assert reached == set(AssignmentState)


def drawn(heading: str) -> set[tuple[str, str, str]]:
    """The arrows of the diagram under this heading of the README: from, action, to."""
    text = (Path(dispatch.__file__).parent / "README.md").read_text("utf-8")
    diagram = text.partition(f"## {heading}")[2].partition("```mermaid")[2].partition("```")[0]
    return {(one[1], one[3], one[2]) for one in re.finditer(r"^ +(\w+) --> (\w+) : (\w+)", diagram, re.MULTILINE)}


@pytest.mark.parametrize(("heading", "table"), [("A case", CASE_ROWS), ("An assignment", ASSIGNMENT_ROWS)])
def test_the_readme_draws_every_row_that_leads_elsewhere_and_no_other(heading: str, table: str) -> None:
    """What a newcomer looks at is what the code does."""
    assert drawn(heading) == {(state, action, to) for (state, action), to in rows(table).items() if state != to}
