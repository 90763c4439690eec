"""What a case in closure consists of: parts, verifications, closings, evaluations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from shared.contracts.dispatch import Summons

LEAD = "lead"
STREET, DEPARTMENT = "street", "department"  # the two sides of an evaluation


class Part(Struct, frozen=True):
    """One department's part in the handling; `part` is lead (主办) or support (协办), `present` whether it fed back."""

    assignment_id: UUID
    department: str
    department_name: str
    part: str
    present: bool

    @classmethod
    def of(cls, summons: Summons, present: frozenset[UUID]) -> Self:
        """The part of a summoned department; `present` are the assignments that fed back."""
        id = summons.assignment_id
        return cls(id, summons.department, summons.department_name, summons.part, id in present)


class Verification(Struct, frozen=True):
    """One verification on site (核查): what `photos` show, and the assignments that `failed`.

    `closing_condition` is the category's, as it read when it was confirmed.
    """

    round: int
    passed: bool
    photos: tuple[UUID, ...]
    closing_condition: str
    remark: str
    failed: tuple[UUID, ...]
    by: str
    at: datetime


class Closing(Struct, frozen=True):
    """How a round was closed: by the reporters' word, with their lowest satisfaction, or `unreached` (未联系上)."""

    round: int
    resolved: bool
    unreached: bool
    satisfaction: int | None
    by: str
    at: datetime


class Evaluation(Struct, frozen=True):
    """One score (1 to 5) of the mutual evaluation (双向评价, 接诉即办条例 33).

    `side` is who evaluated: the street scores each `department`, or the `department` scores the street.
    """

    round: int
    side: str
    department: str
    score: int
    remark: str
    by: str
    at: datetime


def lead_of(parts: Iterable[Part]) -> tuple[UUID, ...]:
    """The lead's assignment; nothing where the community handled the case itself."""
    return tuple(part.assignment_id for part in parts if part.part == LEAD)
