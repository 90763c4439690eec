"""THE table of an account: what may happen in which state.

What has no row is refused. Being locked after too many failures is no state: it ends by itself.
"""

from enum import StrEnum

from shared.engine.work import Transition, follow


class AccountState(StrEnum):
    """Where an account stands."""

    ACTIVE = "active"  # 正常
    SUSPENDED = "suspended"  # 停用


class AccountAction(StrEnum):
    """What can happen to an account."""

    LOG_IN = "log_in"  # 登录
    FAIL_LOGIN = "fail_login"  # 密码错误
    CHANGE_PASSWORD = "change_password"  # 修改密码
    SUSPEND = "suspend"  # 停用
    REINSTATE = "reinstate"  # 恢复


TRANSITIONS: dict[tuple[AccountState, AccountAction], Transition[AccountState]] = {
    (AccountState.ACTIVE, AccountAction.LOG_IN): Transition(AccountState.ACTIVE),
    (AccountState.ACTIVE, AccountAction.FAIL_LOGIN): Transition(AccountState.ACTIVE),
    (AccountState.ACTIVE, AccountAction.CHANGE_PASSWORD): Transition(AccountState.ACTIVE),
    (AccountState.ACTIVE, AccountAction.SUSPEND): Transition(AccountState.SUSPENDED),
    # Only a right password is told that the account is suspended; a wrong one counts as ever.
    (AccountState.SUSPENDED, AccountAction.FAIL_LOGIN): Transition(AccountState.SUSPENDED),
    (AccountState.SUSPENDED, AccountAction.REINSTATE): Transition(AccountState.ACTIVE),
}


def possible(state: AccountState, action: AccountAction) -> bool:
    """Whether the table has a row for this."""
    return (state, action) in TRANSITIONS


def next_state(state: AccountState, action: AccountAction) -> AccountState:
    """The state that follows; `IllegalTransition` where the table has no row."""
    # The terms of a case's states ("suspended": 挂账) are not those of an account's.
    return follow(TRANSITIONS, state, action, terms="account-")
