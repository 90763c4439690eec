"""What notice (通知) announces: that a summons lies in a department's inbox, and that somebody has read it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.registry import event


@event("summons.delivered.v1")
class SummonsDeliveredV1(Struct, frozen=True):
    """The summonses lie in their departments' inboxes (送达); one event for all that came together."""

    case_id: UUID
    assignments: tuple[UUID, ...]
    delivered_at: datetime


@event("summons.read.v1")
class SummonsReadV1(Struct, frozen=True):
    """Somebody of the department read the summons for the first time (已读)."""

    case_id: UUID
    assignment_id: UUID
    department: str
    read_by: str
    read_at: datetime
