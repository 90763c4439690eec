"""What residents read about their case, in Chinese and English."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from services.intake.domain.case import Case, Ruling
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import ENDED, State


class Label(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


Status = State | Stage

STATUSES: dict[Status, Label] = {
    State.DRAFT: Label("已受理，社区正在核实", "Received; the community is looking into it"),
    State.UNDER_REVIEW: Label("社区已提请吹哨，街道审核中", "Asked for a whistle; the street reviews it"),
    State.RETURNED: Label("社区正在处理", "The community is working on it"),
    State.REFUSED: Label("不予吹哨", "No departments were summoned"),
    State.REDIRECTED: Label("请通过法定途径办理", "Please use the channel that the law provides"),
    State.MERGED: Label("已并入同类案件办理", "Merged into a case about the same"),
    State.VOID: Label("已作废", "Voided"),
    Stage.SUMMONING: Label("已吹哨，正在通知部门", "The whistle was blown; the departments are being summoned"),
    Stage.AWAITING: Label("正在确定责任部门", "The responsible department is being determined"),
    Stage.DISPATCHED: Label("责任部门已接到通知", "The responsible departments were summoned"),
    Stage.IN_PROGRESS: Label("部门正在现场处置", "The departments are at work"),
    Stage.SUSPENDED: Label("暂时挂账，定期复核", "Suspended for now, reviewed regularly"),
    Stage.TO_VERIFY: Label("已处置，正在核查", "Handled; being verified on site"),
    Stage.REWORK: Label("重新处置", "Being handled again"),
    Stage.CALL_BACK: Label("等待您的评价", "Waiting for your answer"),
    Stage.CLOSED: Label("已办结", "Closed"),
    Stage.ARCHIVED: Label("已归档", "Archived"),
}


def status_of(case: Case, progress: Progress | None) -> Status:
    """Where a case stands for its reporter: as intake has it, and since it was given away as the others tell."""
    given_away = case.state in (State.WHISTLED, State.SELF_HANDLED, State.WITHDRAWING)
    return progress.stage if given_away and progress is not None else case.state


def told(case: Case, progress: Progress | None, language: Literal["zh", "en"]) -> dict[str, Any]:
    """What its reporter is told: number, status and since when; if it ended here, why, and where to turn instead."""
    status = status_of(case, progress)
    review = case.review if case.review and case.review.ruling in (Ruling.REFUSED, Ruling.REDIRECTED) else None
    ending = review or (case.withdrawal if case.state in ENDED else None)
    return {
        "number": case.number,
        "status": status,
        "said": getattr(STATUSES[status], language),
        "since": _since(case, progress, status),
        "reason": ending.reason if ending else "",
        "channel": review.channel if review else None,
    }


def _since(case: Case, progress: Progress | None, status: Status) -> datetime:
    if isinstance(status, Stage) and progress is not None:
        return progress.stage_since
    happened = [one.at for one in (case.submission, case.review, case.withdrawal) if one is not None]
    return max([case.registered_at, *happened])
