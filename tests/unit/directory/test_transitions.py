"""An account's table: every row that stands leads where it should, every one that is missing is refused."""

from itertools import product

import pytest

from services.directory.domain.transitions import AccountAction, AccountState, next_state, possible
from shared.errors import IllegalTransition

ROWS = """
active     log_in           active
active     fail_login       active
active     change_password  active
active     suspend          suspended
suspended  fail_login       suspended
suspended  reinstate        active
"""

TABLE = {
    (AccountState(state), AccountAction(action)): AccountState(to)
    for state, action, to in map(str.split, ROWS.split("\n")[1:-1])
}


@pytest.mark.parametrize(("state", "action"), [*product(AccountState, AccountAction)])
def test_an_account_does_what_the_table_says_and_nothing_else(state: AccountState, action: AccountAction) -> None:
    """All pairs of a state and an action."""
    expected = TABLE.get((state, action))
    assert possible(state, action) == (expected is not None)
    if expected:
        assert next_state(state, action) is expected
        return
    with pytest.raises(IllegalTransition) as refused:
        next_state(state, action)
    assert refused.value.facts == {"state": f"account-{state}", "action": f"account-{action}"}
