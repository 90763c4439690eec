"""One summoned department's part in a case (派单)."""

from datetime import datetime
from math import ceil
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.dispatch.domain.records import (
    Dispute,
    Ending,
    Extension,
    Feedback,
    Limit,
    Part,
    Progress,
    Release,
    Report,
    Signature,
)
from services.dispatch.domain.rules import RULES
from services.dispatch.domain.transitions import AssignmentAction, AssignmentState, next_state, possible
from shared.engine.work import Scope, changed
from shared.errors import Conflict

ENDED = frozenset({AssignmentState.REROUTED, AssignmentState.WITHDRAWN, AssignmentState.EXCUSED})
DONE = frozenset({AssignmentState.FED_BACK, AssignmentState.ACCEPTED})


class Assignment(Struct, frozen=True):
    """What a department was summoned for, within which limits, and what it did; `area` is the case's.

    Limits are minutes, to be shown: `limit_minutes` from `clock_from` (its dispatch, or its last reopening),
    `signing_limit_minutes` from `dispatched_at`. When they pass is supervision's to say (decision 12): `overdue_at` is
    when this round's closing limit did. `limits` are all closing limits it ever had, the original one first. `handlers`
    are the ids of everybody who acted for the department.
    """

    id: UUID
    case_id: UUID
    area: str
    department: str
    department_name: str
    part: Part
    limit_minutes: int
    signing_limit_minutes: int
    limits: tuple[Limit, ...]
    dispatched_at: datetime
    clock_from: datetime
    overdue_at: datetime | None = None
    round: int = 1
    state: AssignmentState = AssignmentState.TO_SIGN
    delivered_at: datetime | None = None
    signature: Signature | None = None
    report: Report | None = None
    progress: tuple[Progress, ...] = ()
    feedbacks: tuple[Feedback, ...] = ()
    dispute: Dispute | None = None
    extensions: tuple[Extension, ...] = ()
    releases: tuple[Release, ...] = ()
    ending: Ending | None = None
    handlers: tuple[str, ...] = ()
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    @property
    def live(self) -> bool:
        """Whether the department is still part of the case."""
        return self.state not in ENDED

    @property
    def done(self) -> bool:
        """Whether the department has nothing more to do in this round."""
        return self.state in DONE

    @property
    def original_limit_minutes(self) -> int:
        """The closing limit it was dispatched with."""
        return self.limits[0].minutes

    @property
    def pending_extension(self) -> Extension | None:
        """The request for more time that waits for a ruling; one of an earlier round has lapsed."""
        last = self.extensions[-1] if self.extensions else None
        return last if last and last.granted is None and last.round == self.round else None

    def can(self, action: AssignmentAction) -> bool:
        """Whether the table lets this happen in the present state."""
        return possible(self.state, action)

    def check(self, action: AssignmentAction) -> None:
        """Refuse unless the table lets this happen in the present state."""
        next_state(self.state, action)

    def deliver(self, at: datetime) -> "Assignment":
        """The summons of this round lies in the department's inbox (送达)."""
        return changed(self, delivered_at=at)

    def sign(self, by: str, now: datetime) -> "Assignment":
        """Signed for (签收)."""
        state = next_state(self.state, AssignmentAction.SIGN)
        return changed(self, state=state, signature=Signature(by, now, deemed=False), handlers=self._with(by))

    def deem_signed(self, at: datetime) -> "Assignment":
        """Silence past the signing limit counts as signed (视同签收), and is marked as such."""
        state = next_state(self.state, AssignmentAction.DEEM_SIGNED)
        return changed(self, state=state, signature=Signature("", at, deemed=True))

    def raise_dispute(self, by: str, now: datetime, legal_basis: str) -> "Assignment":
        """Not our matter (异议): once, before it is signed or deemed so, with the legal basis."""
        state = next_state(self.state, AssignmentAction.DISPUTE)
        if self.dispute:
            raise Conflict("already-disputed")
        return changed(self, state=state, dispute=Dispute(by, now, legal_basis))

    def uphold(self, by: str, now: datetime, reason: str) -> "Assignment":
        """The dispute is dismissed (维持): the department stays summoned and must sign; no second dispute."""
        state = next_state(self.state, AssignmentAction.UPHOLD)
        return changed(self, state=state, dispute=self._ruled(by, now, reason, upheld=True))

    def reroute(self, by: str, now: datetime, reason: str) -> "Assignment":
        """The dispute is justified (改派): this assignment ends and keeps its record."""
        state = next_state(self.state, AssignmentAction.REROUTE)
        ruled = self._ruled(by, now, reason, upheld=False)
        return changed(self, state=state, dispute=ruled, ending=Ending(by, now, reason))

    def report_in(self, report: Report) -> "Assignment":
        """Somebody of the department is on site (报到)."""
        state = next_state(self.state, AssignmentAction.REPORT_IN)
        return changed(self, state=state, report=report, handlers=self._with(report.by))

    def start(self, by: str) -> "Assignment":
        """Work begins (开始处置), or is taken up again after rework."""
        return changed(self, state=next_state(self.state, AssignmentAction.START), handlers=self._with(by))

    def report_progress(self, by: str, now: datetime, text: str) -> "Assignment":
        """How far it has come (阶段反馈)."""
        state = next_state(self.state, AssignmentAction.REPORT_PROGRESS)
        told = Progress(by, now, text, self.round)
        return changed(self, state=state, progress=(*self.progress, told), handlers=self._with(by))

    def run_over(self, at: datetime) -> "Assignment":
        """Its closing limit passed (超期)."""
        return changed(self, overdue_at=at)

    def be_in_time(self) -> "Assignment":
        """Its closing limit had not passed after all (撤销超期)."""
        return changed(self, overdue_at=None)

    def feed_back(self, by: str, now: datetime, measures: str) -> "Assignment":
        """The department did its part (反馈)."""
        state = next_state(self.state, AssignmentAction.FEED_BACK)
        feedback = Feedback(by, now, measures, self.round)
        return changed(self, state=state, feedbacks=(*self.feedbacks, feedback), handlers=self._with(by))

    def excuse(self, by: str, now: datetime, reason: str) -> "Assignment":
        """A support's absence is stated (缺席说明); the lead cannot be absent."""
        state = next_state(self.state, AssignmentAction.EXCUSE)
        if self.part is Part.LEAD:
            raise Conflict("lead-cannot-be-excused", department=self.department_name)
        return changed(self, state=state, ending=Ending(by, now, reason))

    def release(self, by: str, now: datetime) -> "Assignment":
        """The street lets the department leave the site (准予撤离), once a round."""
        state = next_state(self.state, AssignmentAction.RELEASE)
        if any(one.round == self.round for one in self.releases):
            raise Conflict("already-released")
        return changed(self, state=state, releases=(*self.releases, Release(by, now, self.round)))

    def accept(self) -> "Assignment":
        """The verification passed (通过)."""
        return changed(self, state=next_state(self.state, AssignmentAction.ACCEPT))

    def reopen(self, at: datetime, round: int) -> "Assignment":
        """Its part failed (返工): once more, with half of the original limit (`rules.yaml`); it is told of it anew."""
        state = next_state(self.state, AssignmentAction.REOPEN)
        minutes = max(1, ceil(self.original_limit_minutes * RULES.rework_share))
        limits = (*self.limits, Limit(minutes, "rework", at))
        return changed(
            self,
            state=state,
            round=round,
            limit_minutes=minutes,
            limits=limits,
            clock_from=at,
            overdue_at=None,
            delivered_at=None,
        )

    def withdraw(self, by: str, at: datetime, reason: str) -> "Assignment":
        """No longer summoned (撤回)."""
        state = next_state(self.state, AssignmentAction.WITHDRAW)
        return changed(self, state=state, ending=Ending(by, at, reason))

    def _with(self, person: str) -> tuple[str, ...]:
        return self.handlers if person in self.handlers else (*self.handlers, person)

    def _ruled(self, by: str, at: datetime, reason: str, *, upheld: bool) -> Dispute | None:
        return self.dispute and replace(self.dispute, ruled_by=by, ruled_at=at, ruling_reason=reason, upheld=upheld)
