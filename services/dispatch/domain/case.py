"""A whistled case (案件) while dispatch owns it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.dispatch.domain.records import Suspension, Withdrawal
from services.dispatch.domain.rules import RULES
from services.dispatch.domain.transitions import CaseAction, CaseState, next_state, possible
from shared.contracts.intake import CaseWhistledV1
from shared.contracts.places import Place
from shared.engine.work import Scope, changed
from shared.errors import Invalid


class Case(Struct, frozen=True):
    """The facts of a case, where it stands, and in which round of work; `area` is its place's.

    `ongoing`: the violation is in progress (违法行为正在发生).
    """

    id: UUID
    number: str
    kind: str
    category: str
    area: str
    place: Place
    summary: str
    photos: tuple[str, ...]
    emergency: bool
    ongoing: bool
    author: str
    tracking_digest: str
    state: CaseState
    whistled_at: datetime
    dispatched_at: datetime | None = None
    round: int = 1
    suspensions: tuple[Suspension, ...] = ()
    withdrawal: Withdrawal | None = None
    version: int = 1

    @staticmethod
    def whistled(whistle: CaseWhistledV1, state: CaseState, dispatched_at: datetime | None) -> "Case":
        """The case that a whistle opens here: dispatched at once, or awaiting a dispatcher."""
        return Case(
            id=whistle.case_id,
            number=whistle.number,
            kind=whistle.kind,
            category=whistle.category,
            area=whistle.place.area,
            place=whistle.place,
            summary=whistle.summary,
            photos=whistle.photos,
            emergency=whistle.emergency,
            ongoing=whistle.ongoing,
            author=whistle.author,
            tracking_digest=whistle.tracking_digest,
            state=state,
            whistled_at=whistle.whistled_at,
            dispatched_at=dispatched_at,
        )

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, author=self.author)

    def can(self, action: CaseAction) -> bool:
        """Whether the table lets this happen to the case in its present state."""
        return possible(self.state, action)

    def check(self, action: CaseAction) -> None:
        """Refuse unless the table lets this happen to the case in its present state."""
        next_state(self.state, action)

    def correct(self, now: datetime) -> "Case":
        """A dispatcher named lead and supports (派遣, 改正派遣)."""
        return changed(self, state=next_state(self.state, CaseAction.CORRECT), dispatched_at=self.dispatched_at or now)

    def begin(self) -> "Case":
        """A department set to work (处置中); the same case if it is in progress already."""
        state = next_state(self.state, CaseAction.BEGIN)
        return self if state is self.state else changed(self, state=state)

    def hand_over(self) -> "Case":
        """Every assignment has fed back: to be verified (待核查)."""
        return changed(self, state=next_state(self.state, CaseAction.HAND_OVER))

    def suspend(self, by: str, now: datetime, reason: str, review_by: datetime | None) -> "Case":
        """Suspended (挂账) until a review within 30 days (`rules.yaml`), or earlier if the district says so."""
        state = next_state(self.state, CaseAction.SUSPEND)
        latest = now + timedelta(days=RULES.suspension_review_days)
        review_by = review_by or latest
        if not now < review_by <= latest:
            days = RULES.suspension_review_days
            raise Invalid("review-out-of-range", fields={"review_by": ("Out of range.",)}, days=days)
        return changed(self, state=state, suspensions=(*self.suspensions, Suspension(by, now, reason, review_by)))

    def resume(self, by: str, now: datetime, reason: str) -> "Case":
        """A suspended case goes on (恢复)."""
        state = next_state(self.state, CaseAction.RESUME)
        *earlier, last = self.suspensions
        resumed = replace(last, resumed_by=by, resumed_at=now, resume_reason=reason)
        return changed(self, state=state, suspensions=(*earlier, resumed))

    def reopen(self) -> "Case":
        """Rework (返工): another round begins."""
        return changed(self, state=next_state(self.state, CaseAction.REOPEN), round=self.round + 1)

    def close(self) -> "Case":
        """Closed (办结): closure said so."""
        return changed(self, state=next_state(self.state, CaseAction.CLOSE))

    def withdraw(self, by: str, now: datetime, reason: str, into: UUID | None) -> "Case":
        """Void (作废), or merged (合并) into another case."""
        state = next_state(self.state, CaseAction.WITHDRAW)
        return changed(self, state=state, withdrawal=Withdrawal(by, now, reason, into))

    def stood_still(self, at: datetime) -> bool:
        """Whether it was suspended at that time, so that nothing could run out."""
        return any(one.at <= at < (one.resumed_at or datetime.max.replace(tzinfo=UTC)) for one in self.suspensions)
