"""Every state × every action: what the table allows happens by its command, everything else is refused."""

from collections.abc import Callable
from itertools import product

import pytest

from services.closure.commands import absorb_case, give_verdict, publish_outcome, receive_case
from services.closure.domain.transitions import TRANSITIONS, Action, State
from shared.contracts.closure import WithdrawalRefusedV1
from shared.contracts.intake import CaseAbsorbedV1
from shared.errors import IllegalTransition, NotFound
from tests.support.deciding import NOON
from tests.unit.closure.desk import (
    CASE,
    NO,
    OFFICER,
    OTHER_CASE,
    OTHER_DIGEST,
    RESIDENT,
    STREET,
    SUPPORTER,
    YES,
    Desk,
    desk_with,
    handed_over,
)

ALLOWED = """
    None       receive_case receive_handled_case
    to_verify  pass_verification fail_verification absorb_case withdraw_case
    rework     receive_case receive_handled_case absorb_case withdraw_case
    call_back  record_contact confirm_solved object_unsolved close_unreached absorb_case withdraw_case
    closed     appeal_case evaluate_case archive_case publish_outcome absorb_case
    archived   appeal_case publish_outcome absorb_case
    withdrawn
"""

LEADS_TO = {
    "receive_case": "to_verify",
    "receive_handled_case": "call_back",
    "pass_verification": "call_back",
    "fail_verification": "rework",
    "record_contact": "call_back",
    "confirm_solved": "closed",
    "object_unsolved": "rework",
    "close_unreached": "closed",
    "appeal_case": "rework",
    "evaluate_case": "closed",
    "archive_case": "archived",
    "withdraw_case": "withdrawn",
}


def rows() -> dict[tuple[State | None, Action], State]:
    """The table as this test writes it down."""
    table: dict[tuple[State | None, Action], State] = {}
    for line in ALLOWED.strip().splitlines():
        name, *actions = line.split()
        state = None if name == "None" else State(name)
        for action in actions:
            table[state, Action(action)] = _led_to(state, action)
    return table


def _led_to(state: State | None, action: str) -> State:
    if action == Action.ABSORB and state in (State.CLOSED, State.ARCHIVED):
        return State.CALL_BACK
    if action in LEADS_TO:
        return State(LEADS_TO[action])
    assert state is not None
    return state


def absorb(desk: Desk) -> None:
    desk.do(absorb_case, absorb_case.AbsorbCase(CaseAbsorbedV1(CASE, OTHER_CASE, OTHER_DIGEST, NOON)))


def publish(desk: Desk) -> None:
    desk.do(publish_outcome, publish_outcome.PublishOutcome(CASE, STREET, "漏水已修复", "更换了管道"))


def give_up(desk: Desk) -> None:
    if desk.case.state is State.CALL_BACK:
        for _ in range(3):
            desk.call(None)
    desk.give_up()


def archive(desk: Desk) -> None:
    desk.score_departments()
    desk.score_street(OFFICER)
    desk.score_street(SUPPORTER)


def receive(desk: Desk) -> None:
    desk.do(receive_case, receive_case.ReceiveCase(handed_over(round=2)))


DEEDS: dict[Action, Callable[[Desk], None]] = {
    Action.RECEIVE: receive,
    Action.RECEIVE_HANDLED: Desk.receive_handled,
    Action.PASS: Desk.pass_it,
    Action.FAIL: Desk.fail_it,
    Action.CONTACT: lambda desk: desk.call(None),
    Action.CONFIRM: lambda desk: desk.call(YES),
    Action.OBJECT: lambda desk: desk.call(NO),
    Action.CLOSE_UNREACHED: give_up,
    Action.APPEAL: Desk.appeal,
    Action.EVALUATE: Desk.score_departments,
    Action.ARCHIVE: archive,
    Action.PUBLISH: publish,
    Action.ABSORB: absorb,
    Action.WITHDRAW: Desk.withdraw,
}

EVERY_PAIR = list(product([None, *State], Action))

# Events about a withdrawn case are no longer relevant; a withdrawal that comes too late is answered by an event.
PASSED_OVER = {(State.WITHDRAWN, action) for action in (Action.RECEIVE, Action.RECEIVE_HANDLED, Action.WITHDRAW)}
REFUSED_BY_EVENT = {(State.CLOSED, Action.WITHDRAW), (State.ARCHIVED, Action.WITHDRAW)}


def test_the_table_holds_these_rows_and_no_others() -> None:
    """The table is what DOMAIN part 2 says, with merging and publishing."""
    assert {pair: transition.to for pair, transition in TRANSITIONS.items()} == rows()


@pytest.mark.parametrize(("state", "action"), [pair for pair in EVERY_PAIR if pair in rows()])
def test_every_row_is_reached_by_its_command(state: State | None, action: Action) -> None:
    """What the table allows, a command does."""
    desk = desk_with(state)
    DEEDS[action](desk)
    assert desk.case.state is rows()[state, action]


@pytest.mark.parametrize(("state", "action"), [pair for pair in EVERY_PAIR if pair not in rows() and pair[0]])
def test_what_has_no_row_changes_nothing(state: State, action: Action) -> None:
    """What the table does not allow is refused, or passed over where an event comes too late."""
    desk = desk_with(state)
    before = desk.case
    if (state, action) in PASSED_OVER | REFUSED_BY_EVENT:
        DEEDS[action](desk)
        assert bool(desk.announced(WithdrawalRefusedV1)) == ((state, action) in REFUSED_BY_EVENT)
    else:
        with pytest.raises(IllegalTransition) as refusal:
            DEEDS[action](desk)
        assert refusal.value.facts["state"] == state
    assert desk.case == before


ON_A_CASE = set(Action) - {Action.RECEIVE, Action.RECEIVE_HANDLED, Action.ABSORB, Action.CLOSE_UNREACHED}


@pytest.mark.parametrize("action", sorted(ON_A_CASE))
def test_a_case_that_is_not_here_is_not_found(action: Action) -> None:
    """Nothing can be done to a case that was never handed over."""
    with pytest.raises(NotFound):
        DEEDS[action](Desk())


@pytest.mark.parametrize("state", [state for state in State if state is not State.CALL_BACK])
def test_the_resident_gives_a_verdict_only_when_it_is_their_turn(state: State) -> None:
    """By tracking code as by telephone: only a case to be called back takes an answer."""
    with pytest.raises(IllegalTransition):
        desk_with(state).do(give_verdict, give_verdict.GiveVerdict(RESIDENT, YES))
