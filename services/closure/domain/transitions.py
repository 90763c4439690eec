"""THE table of a case in closure: from which state, by which action, to which state. What is not here is refused."""

from enum import StrEnum

from shared.engine.work import Transition, follow


class State(StrEnum):
    """Where a case stands after it was handled."""

    TO_VERIFY = "to_verify"  # 待核查
    CALL_BACK = "call_back"  # 待回访
    REWORK = "rework"  # 返工
    CLOSED = "closed"  # 已办结
    ARCHIVED = "archived"  # 已归档
    WITHDRAWN = "withdrawn"  # 已合并或作废


class Action(StrEnum):
    """What can happen to it."""

    RECEIVE = "receive_case"  # 移交核查: every department has fed back
    RECEIVE_HANDLED = "receive_handled_case"  # 社区自办移交回访
    PASS = "pass_verification"  # 核查通过
    FAIL = "fail_verification"  # 核查不通过
    CONTACT = "record_contact"  # 回访一次, which decides nothing yet
    CONFIRM = "confirm_solved"  # 报事人都说已解决
    OBJECT = "object_unsolved"  # 报事人说未解决
    CLOSE_UNREACHED = "close_unreached"  # 未联系上办结
    APPEAL = "appeal_case"  # 申诉
    EVALUATE = "evaluate_case"  # 双向评价
    ARCHIVE = "archive_case"  # 归档
    PUBLISH = "publish_outcome"  # 公示
    ABSORB = "absorb_case"  # 并入他人的报事
    WITHDRAW = "withdraw_case"  # 合并或作废


TRANSITIONS: dict[tuple[State | None, Action], Transition[State]] = {
    (None, Action.RECEIVE): Transition(State.TO_VERIFY),
    (None, Action.RECEIVE_HANDLED): Transition(State.CALL_BACK),
    (State.TO_VERIFY, Action.PASS): Transition(State.CALL_BACK),
    (State.TO_VERIFY, Action.FAIL): Transition(State.REWORK),
    (State.TO_VERIFY, Action.ABSORB): Transition(State.TO_VERIFY),
    (State.TO_VERIFY, Action.WITHDRAW): Transition(State.WITHDRAWN),
    (State.REWORK, Action.RECEIVE): Transition(State.TO_VERIFY),
    (State.REWORK, Action.RECEIVE_HANDLED): Transition(State.CALL_BACK),
    (State.REWORK, Action.ABSORB): Transition(State.REWORK),
    (State.REWORK, Action.WITHDRAW): Transition(State.WITHDRAWN),
    (State.CALL_BACK, Action.CONTACT): Transition(State.CALL_BACK),
    (State.CALL_BACK, Action.CONFIRM): Transition(State.CLOSED),
    (State.CALL_BACK, Action.OBJECT): Transition(State.REWORK),
    (State.CALL_BACK, Action.CLOSE_UNREACHED): Transition(State.CLOSED),
    (State.CALL_BACK, Action.ABSORB): Transition(State.CALL_BACK),
    (State.CALL_BACK, Action.WITHDRAW): Transition(State.WITHDRAWN),
    (State.CLOSED, Action.APPEAL): Transition(State.REWORK),
    (State.CLOSED, Action.EVALUATE): Transition(State.CLOSED),
    (State.CLOSED, Action.ARCHIVE): Transition(State.ARCHIVED),
    (State.CLOSED, Action.PUBLISH): Transition(State.CLOSED),
    # A reporter who was merged in after the end is called back as well: 合并案件逐一回访.
    (State.CLOSED, Action.ABSORB): Transition(State.CALL_BACK),
    (State.ARCHIVED, Action.ABSORB): Transition(State.CALL_BACK),
    # The file may be archived on the seventh day or before; the reporter's fifteen days run on all the same.
    (State.ARCHIVED, Action.APPEAL): Transition(State.REWORK),
    (State.ARCHIVED, Action.PUBLISH): Transition(State.ARCHIVED),
}


def possible(state: State, action: Action) -> bool:
    """Whether the table has a row for this."""
    return (state, action) in TRANSITIONS


def next_state(state: State | None, action: Action) -> State:
    """The state that follows; `IllegalTransition` where the table has no row. None is a case that is not here yet."""
    return follow(TRANSITIONS, state, action)
