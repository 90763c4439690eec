"""What may happen in which state: to a clock, to an order, to a refusal."""

from enum import StrEnum

from shared.engine.work import Transition, follow


class ClockState(StrEnum):
    """Where a clock (时限) stands."""

    RUNNING = "running"  # 计时中
    PAUSED = "paused"  # 暂停
    STOPPED = "stopped"  # 已停
    CANCELLED = "cancelled"  # 已取消: what it counted is not wanted any more


class ClockAction(StrEnum):
    """What can happen to a clock."""

    FIRE = "fire"  # 到点: a warning, the limit, a level of the ladder
    PAUSE = "pause"  # 挂账, 异议
    RESUME = "resume"  # 恢复
    EXTEND = "extend"  # 延期
    RECKON = "reckon"  # 重算: the calendar became known
    STOP = "stop"  # 停表
    CANCEL = "cancel"  # 取消


RUNNING, PAUSED, STOPPED, CANCELLED = ClockState

TRANSITIONS: dict[tuple[ClockState, ClockAction], Transition[ClockState]] = {
    (RUNNING, ClockAction.FIRE): Transition(RUNNING),
    (RUNNING, ClockAction.PAUSE): Transition(PAUSED),
    (RUNNING, ClockAction.EXTEND): Transition(RUNNING),
    (RUNNING, ClockAction.RECKON): Transition(RUNNING),
    (RUNNING, ClockAction.STOP): Transition(STOPPED),
    (RUNNING, ClockAction.CANCEL): Transition(CANCELLED),
    (PAUSED, ClockAction.RESUME): Transition(RUNNING),
    (PAUSED, ClockAction.EXTEND): Transition(PAUSED),
    (PAUSED, ClockAction.RECKON): Transition(PAUSED),
    (PAUSED, ClockAction.STOP): Transition(STOPPED),
    (PAUSED, ClockAction.CANCEL): Transition(CANCELLED),
}


def possible(state: ClockState, action: ClockAction) -> bool:
    """Whether the table has a row for this."""
    return (state, action) in TRANSITIONS


def next_state(state: ClockState, action: ClockAction) -> ClockState:
    """The state that follows; `IllegalTransition` where the table has no row."""
    return follow(TRANSITIONS, state, action)


# --- orders


class OrderState(StrEnum):
    """Where an order (督办) or an urging (催办) stands."""

    TOLD = "told"  # 已告知: an urging wants no reply
    TO_ANSWER = "to_answer"  # 待回复
    ANSWERED = "answered"  # 已回复
    APPROVED = "approved"  # 已认可
    ENDED = "ended"  # 已终止: its department or its case is not there any more


class OrderAction(StrEnum):
    """What can happen to an order."""

    ANSWER = "answer_order"  # 回复督办
    ACCEPT = "accept_order"  # 认可回复
    REJECT = "reject_order"  # 退回回复
    END = "end"  # 终止


ORDERS: dict[tuple[OrderState, OrderAction], Transition[OrderState]] = {
    (OrderState.TO_ANSWER, OrderAction.ANSWER): Transition(OrderState.ANSWERED),
    (OrderState.TO_ANSWER, OrderAction.END): Transition(OrderState.ENDED),
    (OrderState.ANSWERED, OrderAction.ACCEPT): Transition(OrderState.APPROVED),
    (OrderState.ANSWERED, OrderAction.REJECT): Transition(OrderState.TO_ANSWER),
    (OrderState.ANSWERED, OrderAction.END): Transition(OrderState.ENDED),
}


def follow_order(state: OrderState, action: OrderAction) -> OrderState:
    """The state that follows; `IllegalTransition` where the table has no row."""
    return follow(ORDERS, state, action)


# --- refusals


class RefusalState(StrEnum):
    """Where the procedure about a department that does not come (街道办条例 44) stands."""

    REPORTED = "reported"  # 已上报
    INVESTIGATING = "investigating"  # 调查中
    FOUND = "found"  # 已认定


class RefusalAction(StrEnum):
    """What can happen to it."""

    INVESTIGATE = "investigate_refusal"  # 受理调查
    CONCLUDE = "conclude_refusal"  # 作出认定


REFUSALS: dict[tuple[RefusalState, RefusalAction], Transition[RefusalState]] = {
    (RefusalState.REPORTED, RefusalAction.INVESTIGATE): Transition(RefusalState.INVESTIGATING),
    (RefusalState.INVESTIGATING, RefusalAction.CONCLUDE): Transition(RefusalState.FOUND),
}


def follow_refusal(state: RefusalState, action: RefusalAction) -> RefusalState:
    """The state that follows; `IllegalTransition` where the table has no row."""
    return follow(REFUSALS, state, action)
