"""Every state × every action of a summons."""

from itertools import product

import pytest

from services.notice.domain.transitions import TRANSITIONS, Action, State, next_state
from shared.errors import IllegalTransition

ROWS: dict[tuple[State | None, Action], State] = {
    (None, Action.DELIVER): State.UNREAD,
    (State.UNREAD, Action.READ): State.READ,
    (State.UNREAD, Action.REOPEN): State.UNREAD,
    (State.UNREAD, Action.WITHDRAW): State.WITHDRAWN,
    (State.READ, Action.READ): State.READ,
    (State.READ, Action.REOPEN): State.UNREAD,
    (State.READ, Action.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Action.READ): State.WITHDRAWN,
}


def test_the_table_holds_these_rows_and_no_others() -> None:
    """Whoever adds one, adds it here."""
    assert {pair: transition.to for pair, transition in TRANSITIONS.items()} == ROWS


@pytest.mark.parametrize(("state", "action"), list(product([None, *State], Action)))
def test_each_pair_follows_the_table_or_is_refused(state: State | None, action: Action) -> None:
    """The refusal says where the summons stands."""
    if (state, action) in ROWS:
        assert next_state(state, action) is ROWS[state, action]
    else:
        with pytest.raises(IllegalTransition) as refusal:
            next_state(state, action)
        assert refusal.value.facts == {"state": str(state), "action": str(action)}
