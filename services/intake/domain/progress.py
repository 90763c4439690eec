"""How far a case has come after intake gave it away, as the resident sees it (办理进度)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from shared.contracts import closure, dispatch
from shared.engine.work import changed


class Stage(StrEnum):
    """What the resident is told after the whistle."""

    SUMMONING = "summoning"  # 已吹哨
    AWAITING = "awaiting"  # 待派单
    DISPATCHED = "dispatched"  # 已派单
    IN_PROGRESS = "in_progress"  # 处置中
    SUSPENDED = "suspended"  # 挂账
    TO_VERIFY = "to_verify"  # 待核查
    REWORK = "rework"  # 返工
    CALL_BACK = "call_back"  # 待回访
    CLOSED = "closed"  # 已办结
    ARCHIVED = "archived"  # 已归档


STAGES: dict[type[Any], Stage] = {
    dispatch.DispatchAwaitedV1: Stage.AWAITING,
    dispatch.CaseDispatchedV1: Stage.DISPATCHED,
    dispatch.CaseStartedV1: Stage.IN_PROGRESS,
    dispatch.CaseSuspendedV1: Stage.SUSPENDED,
    dispatch.CaseResumedV1: Stage.IN_PROGRESS,
    dispatch.CaseFedBackV1: Stage.TO_VERIFY,
    dispatch.CaseReopenedV1: Stage.REWORK,
    closure.VerificationPassedV1: Stage.CALL_BACK,
    closure.VerificationFailedV1: Stage.REWORK,
    closure.CaseUnresolvedV1: Stage.REWORK,
    closure.CaseClosedV1: Stage.CLOSED,
    closure.CaseArchivedV1: Stage.ARCHIVED,
}

ENDED = frozenset({Stage.CLOSED, Stage.ARCHIVED})


class Progress(Struct, frozen=True):
    """What dispatch and closure have told about a case; its id is the case's.

    `confirmed_at` is when somebody first told that they have it; until then its whistle is unconfirmed. `departments`
    are the codes of those that take part.
    """

    id: UUID
    stage: Stage
    stage_since: datetime
    whistled_at: datetime
    confirmed_at: datetime | None = None
    departments: tuple[str, ...] = ()
    version: int = 1

    def restart(self, stage: Stage, at: datetime, *, confirmed: bool) -> "Progress":
        """Given away once more: whistled, or solved by the community, after the resident was not satisfied."""
        confirmed_at = at if confirmed else None
        return changed(self, stage=stage, stage_since=at, whistled_at=at, confirmed_at=confirmed_at)

    def follow(self, stage: Stage | None, departments: tuple[str, ...] | None, at: datetime) -> "Progress":
        """After something that happened at `at`; the same object if it tells nothing new.

        Dispatch and closure tell independently of each other: a stage that began earlier than the present one is past.
        """
        told: dict[str, Any] = {}
        if self.confirmed_at is None:
            told["confirmed_at"] = at
        if departments is not None and departments != self.departments:
            told["departments"] = departments
        if stage is not None and stage is not self.stage and at >= self.stage_since:
            told |= {"stage": stage, "stage_since": at}
        return changed(self, **told) if told else self
