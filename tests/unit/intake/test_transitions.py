"""Every row of the transition table is reached through its command, and every missing row is refused."""

from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from services.intake.commands import (
    blow_whistle,
    complete_case,
    confirm_emergency,
    merge_case,
    redirect_case,
    refuse_case,
    reopen_case,
    return_case,
    settle_withdrawal,
    solve_case,
    submit_case,
    void_case,
)
from services.intake.domain.case import Case, Statutory
from services.intake.domain.transitions import ENDED, TRANSITIONS, Action, State, next_state
from shared.errors import IllegalTransition
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    CASE_ID,
    CLERK,
    EARLIER,
    OTHER_ID,
    REVIEWER,
    a_case,
    another,
    complaint,
    only,
    progress,
    settle,
)


class Way(NamedTuple):
    """How an action is caused: a command on a case that looks like this."""

    module: ModuleType
    command: Any
    fields: dict[str, Any]


WAYS: dict[Action, Way] = {
    Action.COMPLETE: Way(complete_case, complete_case.CompleteCase(CASE_ID, complete_case.Corrections(), CLERK), {}),
    Action.SOLVE: Way(solve_case, solve_case.SolveCase(CASE_ID, "清理完毕", CLERK), {}),
    Action.SUBMIT: Way(submit_case, submit_case.SubmitCase(CASE_ID, CLERK), {}),
    Action.BLOW_AT_ONCE: Way(
        submit_case, submit_case.SubmitCase(CASE_ID, CLERK), {"category": "E05-04", "kind": "emergency"}
    ),
    Action.RETURN: Way(return_case, return_case.ReturnCase(CASE_ID, "缺照片", REVIEWER), {}),
    Action.REFUSE: Way(refuse_case, refuse_case.RefuseCase(CASE_ID, "不属实", REVIEWER), {}),
    Action.REDIRECT: Way(
        redirect_case, redirect_case.RedirectCase(CASE_ID, Statutory.PETITION, "信访事项", REVIEWER), {}
    ),
    Action.BLOW: Way(blow_whistle, blow_whistle.BlowWhistle(CASE_ID, REVIEWER), {}),
    Action.CONFIRM: Way(
        confirm_emergency, confirm_emergency.ConfirmEmergency(CASE_ID, True, "", REVIEWER), {"emergency": True}
    ),
    Action.MERGE: Way(merge_case, merge_case.MergeCase(CASE_ID, OTHER_ID, "同一件事", REVIEWER), {}),
    Action.VOID: Way(void_case, void_case.VoidCase(CASE_ID, "误报", REVIEWER), {}),
    Action.REOPEN: Way(reopen_case, reopen_case.ReopenCase(CASE_ID, NOON), {}),
    Action.SETTLE_AS_MERGED: Way(
        settle_withdrawal, settle_withdrawal.SettleWithdrawal(CASE_ID, True, NOON), {"into": OTHER_ID}
    ),
    Action.SETTLE_AS_VOID: Way(settle_withdrawal, settle_withdrawal.SettleWithdrawal(CASE_ID, True, NOON), {}),
    Action.KEEP_WHISTLED: Way(settle_withdrawal, settle_withdrawal.SettleWithdrawal(CASE_ID, False, NOON), {}),
    Action.KEEP_SELF_HANDLED: Way(
        settle_withdrawal, settle_withdrawal.SettleWithdrawal(CASE_ID, False, NOON), {"whistled_at": None}
    ),
}

TOLD = {reopen_case, settle_withdrawal}  # by events: what comes too late or twice changes nothing


def carry_out(state: State, action: Action) -> Case:
    """The case after the command that causes this action."""
    way = WAYS[action]
    target = another(State.WHISTLED, whistled_at=EARLIER)
    found = (a_case(state, **way.fields), target, complaint(), progress())
    outcome = settle(way.module, way.command, *found)
    return only(outcome, Case) if any(type(one) is Case for one in outcome.changed) else found[0]


@pytest.mark.parametrize(("state", "action"), list(TRANSITIONS), ids=lambda one: str(one))
def test_every_row_of_the_table_is_reached_through_a_command(state: State, action: Action) -> None:
    """The command leads where the row says."""
    assert carry_out(state, action).state is TRANSITIONS[state, action].to


@pytest.mark.parametrize(
    ("state", "action"),
    [pair for pair in product(State, Action) if pair not in TRANSITIONS],
    ids=lambda one: str(one),
)
def test_what_has_no_row_is_refused(state: State, action: Action) -> None:
    """By the table itself; and the command that would cause it leaves the case as it is."""
    with pytest.raises(IllegalTransition) as refused:
        next_state(state, action)
    assert refused.value.facts == {"state": str(state), "action": str(action)}
    if WAYS[action].module in TOLD:
        assert carry_out(state, action).state is state
    else:
        with pytest.raises(IllegalTransition):
            carry_out(state, action)


def test_what_has_ended_has_no_way_out() -> None:
    """Nothing brings back a refused, redirected, merged or void case."""
    assert not [row for row in TRANSITIONS if row[0] in ENDED]


def test_every_state_can_be_reached_from_a_draft() -> None:
    """No state stands in the table in vain."""
    reached = {State.DRAFT}
    for _ in State:
        reached |= {transition.to for (state, _), transition in TRANSITIONS.items() if state in reached}
    assert reached == set(State)
