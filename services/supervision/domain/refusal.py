"""A department that does not come (拒不报到, 街道办条例 44): the street reports it, the district finds and scores."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.transitions import RefusalAction, RefusalState, follow_refusal
from shared.engine.work import Scope, changed
from shared.errors import Invalid


class Finding(Struct, frozen=True):
    """What the district found (认定): whether there was a reason, and how many points it costs the department."""

    by: str
    at: datetime
    justified: bool
    points: int
    text: str


class Refusal(Struct, frozen=True):
    """One report about one assignment; `area` is the case's, `order_id` the order that came with the finding."""

    id: UUID
    case_id: UUID
    assignment_id: UUID
    department: str
    area: str
    reason: str
    tried: str
    reported_by: str
    reported_at: datetime
    state: RefusalState = RefusalState.REPORTED
    taken_up_by: str = ""
    taken_up_at: datetime | None = None
    finding: Finding | None = None
    order_id: UUID | None = None
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    @property
    def open(self) -> bool:
        """Whether the district has not said what it found."""
        return self.state is not RefusalState.FOUND

    def investigate(self, by: str, now: datetime) -> "Refusal":
        """The district takes it up (受理调查)."""
        state = follow_refusal(self.state, RefusalAction.INVESTIGATE)
        return changed(self, state=state, taken_up_by=by, taken_up_at=now)

    def conclude(self, finding: Finding, order_id: UUID | None) -> "Refusal":
        """The district's finding; who had a reason loses no points and gets no order."""
        state = follow_refusal(self.state, RefusalAction.CONCLUDE)
        if finding.justified and (finding.points or order_id):
            raise Invalid("refusal-justified", fields={"justified": ("Goes with neither points nor an order.",)})
        return changed(self, state=state, finding=finding, order_id=order_id)
