"""A summons (吹哨通知) in a department's inbox."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.notice.domain.transitions import Action, State, next_state
from shared.contracts import dispatch
from shared.contracts.dispatch import CaseDispatchedV1, SummonsChangedV1
from shared.contracts.places import Place
from shared.engine.work import Scope, changed


class Reading(Struct, frozen=True):
    """The first reading of an earlier round, before rework called the department again."""

    round: int
    delivered_at: datetime
    read_by: str
    read_at: datetime | None


class Summons(Struct, frozen=True):
    """One department's summons, by the id of its assignment.

    `part` is lead (主办) or support (协办); `limit_minutes` runs from `summoned_at`. `delivered_at` is when it came
    into the inbox; `read_by` and `read_at` are the first reading. Rework delivers it again, in the next `round`, for
    this `reason`.
    """

    id: UUID
    case_id: UUID
    number: str
    kind: str
    category: str
    place: Place
    summary: str
    department: str
    department_name: str
    part: str
    limit_minutes: int
    state: State
    summoned_at: datetime
    delivered_at: datetime
    round: int = 1
    reason: str = ""
    read_by: str = ""
    read_at: datetime | None = None
    withdrawn_at: datetime | None = None
    earlier: tuple[Reading, ...] = ()
    version: int = 1

    @classmethod
    def delivered(
        cls,
        event: CaseDispatchedV1 | SummonsChangedV1,
        summons: dispatch.Summons,
        summoned_at: datetime,
        now: datetime,
    ) -> Self:
        """It comes into the inbox (送达)."""
        return cls(
            id=summons.assignment_id,
            case_id=event.case_id,
            number=event.number,
            kind=event.kind,
            category=event.category,
            place=event.place,
            summary=event.summary,
            department=summons.department,
            department_name=summons.department_name,
            part=summons.part,
            limit_minutes=summons.limit_minutes,
            state=next_state(None, Action.DELIVER),
            summoned_at=summoned_at,
            delivered_at=now,
        )

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.place.area, department=self.department)

    def revised(self, event: SummonsChangedV1, summons: dispatch.Summons) -> Self:
        """The same summons with what a correction changed: the department's part, its limit, the matter."""
        present = (self.part, self.limit_minutes, self.category, self.kind, self.summary)
        revision = (summons.part, summons.limit_minutes, event.category, event.kind, event.summary)
        if revision == present:
            return self
        names = ("part", "limit_minutes", "category", "kind", "summary")
        return changed(self, **dict(zip(names, revision, strict=True)))

    def read(self, by: str, now: datetime) -> Self:
        """Opened; only the first reading is noted (已读)."""
        state = next_state(self.state, Action.READ)
        return self if state is self.state else changed(self, state=state, read_by=by, read_at=now)

    def reopened(self, limit_minutes: int, round: int, reason: str, summoned_at: datetime, now: datetime) -> Self:
        """Rework (返工): summoned again, unread again; the earlier reading is kept."""
        return changed(
            self,
            state=next_state(self.state, Action.REOPEN),
            limit_minutes=limit_minutes,
            round=round,
            reason=reason,
            summoned_at=summoned_at,
            delivered_at=now,
            read_by="",
            read_at=None,
            earlier=(*self.earlier, Reading(self.round, self.delivered_at, self.read_by, self.read_at)),
        )

    def withdrawn(self, reason: str, now: datetime) -> Self:
        """The department need not come any more (撤回); it stays in the inbox, shown as withdrawn."""
        return changed(self, state=next_state(self.state, Action.WITHDRAW), reason=reason, withdrawn_at=now)
