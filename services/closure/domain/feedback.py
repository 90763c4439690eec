"""What a department fed back about its part (反馈): kept as it comes, before the case is handed over."""

from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from shared.contracts.dispatch import AssignmentFedBackV1
from shared.engine.work import changed


class Feedback(Struct, frozen=True):
    """The newest feedback on one assignment, by whose id it is known."""

    id: UUID
    case_id: UUID
    department: str
    measures: str
    round: int
    fed_back_at: datetime
    version: int = 1

    @classmethod
    def of(cls, event: AssignmentFedBackV1) -> Self:
        """The first feedback on this assignment."""
        return cls(event.assignment_id, event.case_id, event.department, event.measures, event.round, event.fed_back_at)

    def renewed(self, event: AssignmentFedBackV1) -> Self:
        """The feedback after rework."""
        return changed(self, measures=event.measures, round=event.round, fed_back_at=event.fed_back_at)
