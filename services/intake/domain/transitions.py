"""THE table of intake: what may happen to a case (案件) in which state. What has no row is refused.

Who may do it is not here but in `shared/access/policy.py`.
"""

from enum import StrEnum

from shared.engine.work import Transition, follow


class State(StrEnum):
    """Where a case stands as far as intake decides it."""

    DRAFT = "draft"  # 草稿
    UNDER_REVIEW = "under_review"  # 待审核
    RETURNED = "returned"  # 退回补正
    REFUSED = "refused"  # 不予吹哨
    REDIRECTED = "redirected"  # 转法定途径
    WHISTLED = "whistled"  # 已吹哨: dispatch and closure go on with it
    SELF_HANDLED = "self_handled"  # 社区自办: closure calls the reporter back
    WITHDRAWING = "withdrawing"  # 撤销待定: whoever owns it has been asked to give it up
    MERGED = "merged"  # 已合并
    VOID = "void"  # 已作废


class Action(StrEnum):
    """What can happen to it."""

    COMPLETE = "complete_case"  # 补正
    SOLVE = "solve_case"  # 社区自办
    SUBMIT = "submit_case"  # 提请吹哨
    BLOW_AT_ONCE = "blow_at_once"  # 应急先吹
    RETURN = "return_case"  # 退回
    REFUSE = "refuse_case"  # 不予吹哨
    REDIRECT = "redirect_case"  # 转法定途径
    BLOW = "blow_whistle"  # 吹哨
    CONFIRM = "confirm_emergency"  # 应急补审
    REOPEN = "reopen_case"  # 回访未解决, 社区重新处理
    MERGE = "merge_case"  # 合并
    VOID = "void_case"  # 作废
    SETTLE_AS_MERGED = "settle_as_merged"  # 同意合并
    SETTLE_AS_VOID = "settle_as_void"  # 同意作废
    KEEP_WHISTLED = "keep_whistled"  # 不同意, 吹哨继续
    KEEP_SELF_HANDLED = "keep_self_handled"  # 不同意, 自办继续


TRANSITIONS: dict[tuple[State, Action], Transition[State]] = {
    (State.DRAFT, Action.COMPLETE): Transition(State.DRAFT),
    (State.DRAFT, Action.SOLVE): Transition(State.SELF_HANDLED),
    (State.DRAFT, Action.SUBMIT): Transition(State.UNDER_REVIEW),
    (State.DRAFT, Action.BLOW_AT_ONCE): Transition(State.WHISTLED),
    (State.DRAFT, Action.MERGE): Transition(State.MERGED),
    (State.DRAFT, Action.VOID): Transition(State.VOID),
    (State.UNDER_REVIEW, Action.RETURN): Transition(State.RETURNED),
    (State.UNDER_REVIEW, Action.REFUSE): Transition(State.REFUSED),
    (State.UNDER_REVIEW, Action.REDIRECT): Transition(State.REDIRECTED),
    (State.UNDER_REVIEW, Action.BLOW): Transition(State.WHISTLED),
    (State.UNDER_REVIEW, Action.MERGE): Transition(State.MERGED),
    (State.UNDER_REVIEW, Action.VOID): Transition(State.VOID),
    (State.RETURNED, Action.COMPLETE): Transition(State.RETURNED),
    (State.RETURNED, Action.SOLVE): Transition(State.SELF_HANDLED),
    (State.RETURNED, Action.SUBMIT): Transition(State.UNDER_REVIEW),
    # What turns out to be an emergency while it is being completed must not wait for a review either.
    (State.RETURNED, Action.BLOW_AT_ONCE): Transition(State.WHISTLED),
    (State.RETURNED, Action.MERGE): Transition(State.MERGED),
    (State.RETURNED, Action.VOID): Transition(State.VOID),
    (State.WHISTLED, Action.CONFIRM): Transition(State.WHISTLED),
    (State.WHISTLED, Action.MERGE): Transition(State.WITHDRAWING),
    (State.WHISTLED, Action.VOID): Transition(State.WITHDRAWING),
    (State.SELF_HANDLED, Action.REOPEN): Transition(State.RETURNED),
    (State.SELF_HANDLED, Action.MERGE): Transition(State.WITHDRAWING),
    (State.SELF_HANDLED, Action.VOID): Transition(State.WITHDRAWING),
    (State.WITHDRAWING, Action.CONFIRM): Transition(State.WITHDRAWING),
    (State.WITHDRAWING, Action.SETTLE_AS_MERGED): Transition(State.MERGED),
    (State.WITHDRAWING, Action.SETTLE_AS_VOID): Transition(State.VOID),
    (State.WITHDRAWING, Action.KEEP_WHISTLED): Transition(State.WHISTLED),
    (State.WITHDRAWING, Action.KEEP_SELF_HANDLED): Transition(State.SELF_HANDLED),
}

ENDED = frozenset({State.REFUSED, State.REDIRECTED, State.MERGED, State.VOID})


def next_state(state: State, action: Action) -> State:
    """The state that follows; `IllegalTransition` where the table has no row."""
    return follow(TRANSITIONS, state, action)
