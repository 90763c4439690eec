"""What may happen to a clock in which state."""

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
    return follow(TRANSITIONS, state, action, "clock-")
