"""Enforcement's own copy of what dispatch announces about an assignment (派单)."""

from uuid import UUID

from msgspec import Struct

from services.enforcement.domain.transitions import ASSIGNMENT, AssignmentAction, AssignmentState, next_state
from shared.engine.work import Scope, changed


class Assignment(Struct, frozen=True):
    """A department's part in a case: a record can be opened on it while the department is on site."""

    id: UUID
    case_id: UUID
    number: str
    category: str
    department: str
    area: str
    state: AssignmentState = AssignmentState.SUMMONED
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    def expect_on_site(self) -> None:
        """Refuse a record on an assignment that has not reported in, has fed back, or has ended."""
        next_state(self.state, AssignmentAction.OPEN_RECORD)

    def after(self, action: AssignmentAction) -> "Assignment":
        """As it stands after what dispatch announced; the same where that changes nothing here."""
        row = ASSIGNMENT.get((self.state, action))
        return self if row is None else changed(self, state=row.to)
