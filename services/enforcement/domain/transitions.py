"""What can happen to a record and to an assignment, and to what it leads: the one table.

The penalty procedure (立案 onwards) will begin at `violation_found` and `not_rectified`, with rows of its own.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from shared.engine.work import Transition, follow


class RecordState(StrEnum):
    """Where a record stands; `concluded` and `transferred` are its ends."""

    OPENED = "opened"  # 已立卷，待检查
    NOTHING_FOUND = "nothing_found"  # 未发现违法
    VIOLATION_FOUND = "violation_found"  # 发现违法
    ORDERED = "ordered"  # 已责令改正
    RECTIFIED = "rectified"  # 复查合格
    NOT_RECTIFIED = "not_rectified"  # 复查不合格
    CONCLUDED = "concluded"  # 已了结
    TRANSFERRED = "transferred"  # 已移送


class RecordAction(StrEnum):
    """What the officers of a record can do."""

    FIND_NOTHING = "find_nothing"  # 检查未发现违法
    FIND_VIOLATION = "find_violation"  # 检查发现违法
    ORDER = "order_rectification"  # 责令改正
    FIND_RECTIFIED = "find_rectified"  # 复查合格
    FIND_NOT_RECTIFIED = "find_not_rectified"  # 复查不合格
    CONCLUDE = "conclude_record"  # 了结
    TRANSFER = "transfer_record"  # 移送
    ADD_EVIDENCE = "add_evidence"  # 补充证据
    REVIEW_EVIDENCE = "review_evidence"  # 审核证据
    RECUSE = "recuse_officer"  # 回避


class AssignmentState(StrEnum):
    """Where an assignment stands, as far as enforcement follows dispatch."""

    SUMMONED = "summoned"  # 已派单
    REPORTED_IN = "reported_in"  # 已报到
    FED_BACK = "fed_back"  # 已反馈
    ENDED = "ended"  # 已终止: withdrawn, re-routed or excused


class AssignmentAction(StrEnum):
    """What happens to an assignment."""

    REPORT_IN = "report_in"  # 报到
    FEED_BACK = "feed_back"  # 反馈
    REOPEN = "reopen"  # 返工
    END = "end"  # 终止
    OPEN_RECORD = "open_record"  # 立卷


S, R, A, DO = RecordState, RecordAction, AssignmentState, AssignmentAction

# Evidence and officers may change, without a change of state, until the record ends.
STAYING = (R.ADD_EVIDENCE, R.REVIEW_EVIDENCE, R.RECUSE)
OPEN = tuple(state for state in S if state not in (S.CONCLUDED, S.TRANSFERRED))

RECORD: Mapping[tuple[RecordState, RecordAction], Transition[RecordState]] = {
    (S.OPENED, R.FIND_NOTHING): Transition(S.NOTHING_FOUND),
    (S.OPENED, R.FIND_VIOLATION): Transition(S.VIOLATION_FOUND),
    (S.OPENED, R.TRANSFER): Transition(S.TRANSFERRED),
    (S.NOTHING_FOUND, R.FIND_NOTHING): Transition(S.NOTHING_FOUND),
    (S.NOTHING_FOUND, R.FIND_VIOLATION): Transition(S.VIOLATION_FOUND),
    (S.NOTHING_FOUND, R.CONCLUDE): Transition(S.CONCLUDED),
    (S.VIOLATION_FOUND, R.FIND_VIOLATION): Transition(S.VIOLATION_FOUND),
    (S.VIOLATION_FOUND, R.ORDER): Transition(S.ORDERED),
    (S.VIOLATION_FOUND, R.TRANSFER): Transition(S.TRANSFERRED),
    (S.ORDERED, R.FIND_RECTIFIED): Transition(S.RECTIFIED),
    (S.ORDERED, R.FIND_NOT_RECTIFIED): Transition(S.NOT_RECTIFIED),
    (S.NOT_RECTIFIED, R.ORDER): Transition(S.ORDERED),
    (S.NOT_RECTIFIED, R.TRANSFER): Transition(S.TRANSFERRED),
    (S.RECTIFIED, R.CONCLUDE): Transition(S.CONCLUDED),
    **{(state, action): Transition(state) for state in OPEN for action in STAYING},
}

ASSIGNMENT: Mapping[tuple[AssignmentState, AssignmentAction], Transition[AssignmentState]] = {
    (A.SUMMONED, DO.REPORT_IN): Transition(A.REPORTED_IN),
    (A.SUMMONED, DO.END): Transition(A.ENDED),
    (A.REPORTED_IN, DO.OPEN_RECORD): Transition(A.REPORTED_IN),
    (A.REPORTED_IN, DO.FEED_BACK): Transition(A.FED_BACK),
    (A.REPORTED_IN, DO.END): Transition(A.ENDED),
    (A.FED_BACK, DO.REOPEN): Transition(A.REPORTED_IN),
    (A.FED_BACK, DO.END): Transition(A.ENDED),
}

TABLES: Mapping[type[StrEnum], Mapping[Any, Transition[Any]]] = {RecordState: RECORD, AssignmentState: ASSIGNMENT}

State = TypeVar("State", RecordState, AssignmentState)


def next_state(state: State, action: RecordAction | AssignmentAction) -> State:
    """The state that follows; `IllegalTransition` where the table has no row."""
    following: State = follow(TABLES[type(state)], state, action)
    return following
