"""The announcement that more than one command makes."""

from services.enforcement.domain.record import Record
from shared.contracts.enforcement import RecordConcludedV1


def concluded(record: Record) -> RecordConcludedV1:
    """That this record has ended, and how."""
    ending = record.conclusion
    if ending is None:
        raise ValueError("the record has not ended")
    return RecordConcludedV1(
        case_id=record.case_id,
        record_id=record.id,
        assignment_id=record.assignment_id,
        department=record.department,
        outcome=ending.outcome,
        transferred_to=ending.to,
        concluded_at=ending.at,
    )
