"""What waits for a ruling, as it is listed (待裁定事项): a row for each matter, from its case's file and clocks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile, Waiting
from services.supervision.domain.clock import Clock
from shared.engine.work import RowKey

CLOCKS = {"suspension": "suspension_review"}  # of other matters the clock has the matter's name


class Ruling(Struct, frozen=True):
    """A dispute, an extension or a suspension that waits, with its case's facts and when it is due.

    `about_id` is the assignment's id, or the case's where the whole case waits. `stands_at` is its place in the list:
    when it is due, or since when it waits where nothing limits it.
    """

    case_id: UUID
    matter: str
    about_id: UUID
    ordinal: int
    assignment_id: UUID | None
    department: str
    number: str
    kind: str
    category: str
    area: str
    since: datetime
    reason: str
    minutes: int
    review_by: datetime | None
    due_at: datetime | None
    stands_at: datetime

    @property
    def key(self) -> RowKey:
        """By which it is known among all."""
        return (self.case_id, self.matter, self.about_id)


def rulings(file: CaseFile, clocks: Iterable[Clock]) -> dict[RowKey, Ruling]:
    """All that waits for a ruling in a case with these clocks."""
    if not file.waiting:
        return {}
    still_open = [one for one in clocks if one.open]
    found = (_ruling(file, one, still_open) for one in file.waiting)
    return {one.key: one for one in found}


def listed(
    before: CaseFile | None, clocks_before: Iterable[Clock], after: CaseFile, clocks_after: Iterable[Clock]
) -> Mapping[RowKey, Ruling | None]:
    """The rows that are not as they were; None for what does not wait any more."""
    were = rulings(before, clocks_before) if before else {}
    are = rulings(after, clocks_after)
    return {key: are.get(key) for key in {**were, **are} if were.get(key) != are.get(key)}


def _ruling(file: CaseFile, waiting: Waiting, clocks: Iterable[Clock]) -> Ruling:
    name, id = CLOCKS.get(waiting.matter, waiting.matter), waiting.assignment_id
    due_at = max((one.due_at for one in clocks if (one.name, one.assignment_id) == (name, id)), default=None)
    return Ruling(
        case_id=file.id,
        matter=waiting.matter,
        about_id=id or file.id,
        ordinal=waiting.ordinal,
        assignment_id=id,
        department=waiting.department,
        number=file.number,
        kind=file.kind,
        category=file.category,
        area=file.area,
        since=waiting.since,
        reason=waiting.reason,
        minutes=waiting.minutes,
        review_by=waiting.review_by,
        due_at=due_at,
        stands_at=due_at or waiting.since,
    )
