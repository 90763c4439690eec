"""THE table of a summons in a department's inbox: from which state, by which action, to which state."""

from enum import StrEnum

from shared.engine.work import Transition, follow


class State(StrEnum):
    """Where a summons stands in the inbox; ordered as it is listed."""

    UNREAD = "unread"  # 未读
    READ = "read"  # 已读
    WITHDRAWN = "withdrawn"  # 已撤回


class Action(StrEnum):
    """What can happen to it."""

    DELIVER = "deliver_summons"  # 送达
    READ = "read_summons"  # 阅读
    REOPEN = "reopen_summons"  # 返工
    WITHDRAW = "withdraw_summons"  # 撤回


TRANSITIONS: dict[tuple[State | None, Action], Transition[State]] = {
    (None, Action.DELIVER): Transition(State.UNREAD),
    (State.UNREAD, Action.READ): Transition(State.READ),
    (State.UNREAD, Action.REOPEN): Transition(State.UNREAD),
    (State.UNREAD, Action.WITHDRAW): Transition(State.WITHDRAWN),
    (State.READ, Action.READ): Transition(State.READ),
    (State.READ, Action.REOPEN): Transition(State.UNREAD),
    (State.READ, Action.WITHDRAW): Transition(State.WITHDRAWN),
    # What is withdrawn stays in the inbox, shown as such, and may still be opened.
    (State.WITHDRAWN, Action.READ): Transition(State.WITHDRAWN),
}


def next_state(state: State | None, action: Action) -> State:
    """The state that follows; `IllegalTransition` where the table has no row. None is a summons not here yet."""
    return follow(TRANSITIONS, state, action)
