"""THE table of dispatch: what may happen in which state, to a case (案件) and to an assignment (派单).

What has no row is refused. Who may do it is not here but in `shared/access/policy.py`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from shared.engine.work import Transition, follow


class CaseState(StrEnum):
    """Where a case stands while dispatch owns it."""

    AWAITING = "awaiting"  # 待派单: the responsibility table names nobody
    DISPATCHED = "dispatched"  # 已派单
    IN_PROGRESS = "in_progress"  # 处置中
    TO_VERIFY = "to_verify"  # 待核查: handed over to closure
    REWORK = "rework"  # 返工
    SUSPENDED = "suspended"  # 挂账
    CLOSED = "closed"  # 已办结
    WITHDRAWN = "withdrawn"  # 已撤销: void or merged


class CaseAction(StrEnum):
    """What can happen to a case."""

    CORRECT = "correct"  # 派遣, 改正派遣: a dispatcher names lead and supports
    ADD_SUPPORT = "add_support"  # 增派协办
    PROCEED = "proceed"  # a step of one department that leaves the case as it is
    BEGIN = "begin"  # 报到, 返工处置: a department sets to work
    HAND_OVER = "hand_over"  # 移交核查: every assignment has fed back
    SUSPEND = "suspend"  # 挂账
    RESUME = "resume"  # 恢复
    RELEASE = "release"  # 准予撤离
    REOPEN = "reopen"  # 返工: verification failed, unresolved, or appeal
    ACCEPT = "accept"  # 核查通过
    CLOSE = "close"  # 办结
    FORWARD = "forward"  # 转交撤销申请: closure decides about a withdrawal
    WITHDRAW = "withdraw"  # 撤销


class AssignmentState(StrEnum):
    """Where one department's part of a case stands."""

    TO_SIGN = "to_sign"  # 待签收
    DISPUTED = "disputed"  # 异议中
    SIGNED = "signed"  # 已签收
    REPORTED_IN = "reported_in"  # 已报到
    IN_PROGRESS = "in_progress"  # 处置中
    FED_BACK = "fed_back"  # 已反馈
    ACCEPTED = "accepted"  # 通过
    REWORK = "rework"  # 返工
    REROUTED = "rerouted"  # 已改派 (ended)
    WITHDRAWN = "withdrawn"  # 已撤回 (ended)
    EXCUSED = "excused"  # 已说明缺席 (ended)


class AssignmentAction(StrEnum):
    """What can happen to an assignment."""

    SIGN = "sign"  # 签收
    DEEM_SIGNED = "deem_signed"  # 视同签收
    DISPUTE = "dispute"  # 提出异议
    UPHOLD = "uphold"  # 维持
    REROUTE = "reroute"  # 改派
    REPORT_IN = "report_in"  # 报到
    START = "start"  # 开始处置
    REPORT_PROGRESS = "report_progress"  # 阶段反馈
    FEED_BACK = "feed_back"  # 反馈
    EXCUSE = "excuse"  # 缺席说明
    EXTEND = "extend"  # 延期: asked for, granted or refused
    RELEASE = "release"  # 准予撤离
    REOPEN = "reopen"  # 返工
    ACCEPT = "accept"  # 通过
    WITHDRAW = "withdraw"  # 撤回


def _table(rows: Mapping[Any, Mapping[Any, Any]]) -> dict[tuple[Any, Any], Transition[Any]]:
    return {(state, action): Transition(to) for state, actions in rows.items() for action, to in actions.items()}


CASE: dict[tuple[CaseState, CaseAction], Transition[CaseState]] = _table(
    {
        CaseState.AWAITING: {
            CaseAction.CORRECT: CaseState.DISPATCHED,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.DISPATCHED: {
            CaseAction.CORRECT: CaseState.DISPATCHED,
            CaseAction.ADD_SUPPORT: CaseState.DISPATCHED,
            CaseAction.PROCEED: CaseState.DISPATCHED,
            CaseAction.BEGIN: CaseState.IN_PROGRESS,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.IN_PROGRESS: {
            CaseAction.ADD_SUPPORT: CaseState.IN_PROGRESS,
            CaseAction.PROCEED: CaseState.IN_PROGRESS,
            CaseAction.BEGIN: CaseState.IN_PROGRESS,
            CaseAction.RELEASE: CaseState.IN_PROGRESS,
            CaseAction.HAND_OVER: CaseState.TO_VERIFY,
            CaseAction.SUSPEND: CaseState.SUSPENDED,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.SUSPENDED: {
            CaseAction.RELEASE: CaseState.SUSPENDED,
            CaseAction.RESUME: CaseState.IN_PROGRESS,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.TO_VERIFY: {
            CaseAction.RELEASE: CaseState.TO_VERIFY,
            CaseAction.ACCEPT: CaseState.TO_VERIFY,
            CaseAction.FORWARD: CaseState.TO_VERIFY,
            CaseAction.CLOSE: CaseState.CLOSED,
            CaseAction.REOPEN: CaseState.REWORK,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.REWORK: {
            CaseAction.ADD_SUPPORT: CaseState.REWORK,
            CaseAction.PROCEED: CaseState.REWORK,
            CaseAction.BEGIN: CaseState.IN_PROGRESS,
            CaseAction.WITHDRAW: CaseState.WITHDRAWN,
        },
        CaseState.CLOSED: {
            CaseAction.FORWARD: CaseState.CLOSED,
            CaseAction.REOPEN: CaseState.REWORK,
        },
    }
)

ASSIGNMENT: dict[tuple[AssignmentState, AssignmentAction], Transition[AssignmentState]] = _table(
    {
        AssignmentState.TO_SIGN: {
            AssignmentAction.SIGN: AssignmentState.SIGNED,
            AssignmentAction.DEEM_SIGNED: AssignmentState.SIGNED,
            AssignmentAction.DISPUTE: AssignmentState.DISPUTED,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.DISPUTED: {
            AssignmentAction.UPHOLD: AssignmentState.TO_SIGN,
            AssignmentAction.REROUTE: AssignmentState.REROUTED,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.SIGNED: {
            AssignmentAction.REPORT_IN: AssignmentState.REPORTED_IN,
            AssignmentAction.EXTEND: AssignmentState.SIGNED,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.REPORTED_IN: {
            AssignmentAction.START: AssignmentState.IN_PROGRESS,
            AssignmentAction.REPORT_PROGRESS: AssignmentState.REPORTED_IN,
            AssignmentAction.EXTEND: AssignmentState.REPORTED_IN,
            AssignmentAction.RELEASE: AssignmentState.REPORTED_IN,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.IN_PROGRESS: {
            AssignmentAction.REPORT_PROGRESS: AssignmentState.IN_PROGRESS,
            AssignmentAction.FEED_BACK: AssignmentState.FED_BACK,
            AssignmentAction.EXTEND: AssignmentState.IN_PROGRESS,
            AssignmentAction.RELEASE: AssignmentState.IN_PROGRESS,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.FED_BACK: {
            AssignmentAction.RELEASE: AssignmentState.FED_BACK,
            AssignmentAction.ACCEPT: AssignmentState.ACCEPTED,
            AssignmentAction.REOPEN: AssignmentState.REWORK,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
        AssignmentState.ACCEPTED: {
            AssignmentAction.RELEASE: AssignmentState.ACCEPTED,
            AssignmentAction.REOPEN: AssignmentState.REWORK,
        },
        AssignmentState.REWORK: {
            AssignmentAction.START: AssignmentState.IN_PROGRESS,
            AssignmentAction.EXTEND: AssignmentState.REWORK,
            AssignmentAction.EXCUSE: AssignmentState.EXCUSED,
            AssignmentAction.WITHDRAW: AssignmentState.WITHDRAWN,
        },
    }
)

TABLES: dict[type[StrEnum], Mapping[Any, Transition[Any]]] = {CaseState: CASE, AssignmentState: ASSIGNMENT}

S = TypeVar("S", CaseState, AssignmentState)


def possible(state: CaseState | AssignmentState, action: CaseAction | AssignmentAction) -> bool:
    """Whether the table has a row for this."""
    return (state, action) in TABLES[type(state)]


def next_state(state: S, action: CaseAction | AssignmentAction) -> S:
    """The state that follows; `IllegalTransition` where the table has no row."""
    following: S = follow(TABLES[type(state)], state, action)
    return following
