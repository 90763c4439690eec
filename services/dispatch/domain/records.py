"""What an assignment and a case keep of what happened to them: who, when and why. Nothing of it is ever taken out."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Part(StrEnum):
    """A department's part in a case."""

    LEAD = "lead"  # 主办
    SUPPORT = "support"  # 协办


class Limit(Struct, frozen=True):
    """A closing limit that held from `since`, and why: dispatch, extension or rework."""

    minutes: int
    reason: str
    since: datetime


class Signature(Struct, frozen=True):
    """Signed for (签收), or `deemed` so by silence past the limit (视同签收)."""

    by: str
    at: datetime
    deemed: bool


class Report(Struct, frozen=True):
    """Reported in (报到): where the officer stood, in WGS-84 degrees, and how far that is from the case."""

    by: str
    at: datetime
    longitude: float | None
    latitude: float | None
    address: str
    distance_metres: float | None
    far: bool


class Progress(Struct, frozen=True):
    """How far the department had come (阶段反馈) in one round."""

    by: str
    at: datetime
    text: str
    round: int


class Feedback(Struct, frozen=True):
    """What the department did in one round (反馈)."""

    by: str
    at: datetime
    measures: str
    round: int


class Dispute(Struct, frozen=True):
    """The department's objection (异议) with its legal basis, and the ruling on it, if there is one."""

    by: str
    at: datetime
    legal_basis: str
    ruled_by: str = ""
    ruled_at: datetime | None = None
    upheld: bool | None = None
    ruling_reason: str = ""


class Extension(Struct, frozen=True):
    """A request for more time (延期), and the ruling on it; `granted` is None while it waits, until the round ends."""

    ordinal: int
    minutes: int
    reason: str
    by: str
    at: datetime
    round: int
    granted: bool | None = None
    ruled_by: str = ""
    ruled_at: datetime | None = None
    ruling_reason: str = ""


class Release(Struct, frozen=True):
    """The street let the department leave the site (准予撤离)."""

    by: str
    at: datetime
    round: int


class Ending(Struct, frozen=True):
    """Why an assignment ended without being accepted: re-routed, withdrawn or excused."""

    by: str
    at: datetime
    reason: str


class Suspension(Struct, frozen=True):
    """The district suspended the case (挂账) until it is reviewed; the clocks stand still meanwhile."""

    by: str
    at: datetime
    reason: str
    review_by: datetime
    resumed_by: str = ""
    resumed_at: datetime | None = None
    resume_reason: str = ""


class Withdrawal(Struct, frozen=True):
    """The case ended as void (作废), or was merged (合并) into another."""

    by: str
    at: datetime
    reason: str
    into: UUID | None
