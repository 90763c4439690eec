"""What enforcement (执法) announces about a record on an assignment."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from shared.contracts.registry import event


@event("record.opened.v1")
class RecordOpenedV1(Struct, frozen=True):
    """At least two officers with certificates opened a record (行政处罚法 42)."""

    case_id: UUID
    record_id: UUID
    assignment_id: UUID
    department: str
    officers: tuple[str, ...]
    opened_at: datetime


@event("record.checked.v1")
class RecordCheckedV1(Struct, frozen=True):
    """The officers checked on site (现场检查) and found a violation, or nothing."""

    case_id: UUID
    record_id: UUID
    assignment_id: UUID
    department: str
    violation: bool
    checked_by: str
    checked_at: datetime


@event("evidence.added.v1")
class EvidenceAddedV1(Struct, frozen=True):
    """Evidence was received; `sha256` (hex) was computed at receipt."""

    case_id: UUID
    record_id: UUID
    evidence_id: UUID
    department: str
    content_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


@event("rectification.ordered.v1")
class RectificationOrderedV1(Struct, frozen=True):
    """Somebody was ordered to rectify (责令改正) until a date."""

    case_id: UUID
    record_id: UUID
    assignment_id: UUID
    department: str
    until: date
    ordered_by: str
    ordered_at: datetime


@event("rectification.checked.v1")
class RectificationCheckedV1(Struct, frozen=True):
    """The re-check (复查) found it rectified, or not."""

    case_id: UUID
    record_id: UUID
    assignment_id: UUID
    department: str
    rectified: bool
    checked_by: str
    checked_at: datetime


@event("record.concluded.v1")
class RecordConcludedV1(Struct, frozen=True):
    """The record ended: rectified, nothing found, or transferred (移送) to `transferred_to`."""

    case_id: UUID
    record_id: UUID
    assignment_id: UUID
    department: str
    outcome: str
    transferred_to: str
    concluded_at: datetime
