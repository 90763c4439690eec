"""The small facts of which records and evidence are made."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from shared.errors import Invalid

FEWEST_OFFICERS = 2  # 行政处罚法 42
CLOCK_SKEW = timedelta(minutes=5)  # how far a phone's clock may be ahead


class Source(StrEnum):
    """Who or what took a piece of evidence."""

    OFFICER = "officer"  # 执法人员现场取得
    PARTY = "party"  # 当事人提供
    RESIDENT = "resident"  # 群众提供
    CAMERA = "camera"  # 监控设备


class Use(StrEnum):
    """What a piece may be used for: as evidence (证据), or only to look further (线索)."""

    LEAD = "lead"
    EVIDENCE = "evidence"


# What cameras and residents took only leads further until it has been reviewed (行政处罚法 41).
FIRST_USE = {
    Source.OFFICER: Use.EVIDENCE,
    Source.PARTY: Use.EVIDENCE,
    Source.RESIDENT: Use.LEAD,
    Source.CAMERA: Use.LEAD,
}


class Officer(Struct, frozen=True):
    """An enforcement officer with the number of their certificate (执法证)."""

    id: str
    certificate: str


class Spot(Struct, frozen=True):
    """Where something was done or taken: an address, or WGS-84 degrees, or both."""

    address: str = ""
    longitude: float | None = None
    latitude: float | None = None


class Visit(Struct, frozen=True):
    """A visit to the site, for a check or a re-check: when, where, and which officers of the record were there."""

    at: datetime
    spot: Spot
    present: tuple[str, ...]


class Check(Struct, frozen=True):
    """An on-site check (现场检查): the officers showed their certificates (行政处罚法 55), and what they found."""

    visit: Visit
    findings: str
    violation: bool
    recorded_by: str
    recorded_at: datetime


class Recheck(Struct, frozen=True):
    """A re-check (复查) of an order."""

    visit: Visit
    findings: str
    rectified: bool
    recorded_by: str
    recorded_at: datetime


class Order(Struct, frozen=True):
    """An order to rectify (责令改正): what `party` must do until the end of the day `until` (Asia/Shanghai)."""

    party: str
    text: str
    until: date
    ordered_by: str
    ordered_at: datetime
    recheck: Recheck | None = None


class Recusal(Struct, frozen=True):
    """An officer who stepped back (回避, 行政处罚法 43), and why."""

    officer: str
    reason: str
    recorded_by: str
    recorded_at: datetime


class Conclusion(Struct, frozen=True):
    """How a record ended: nothing_found, rectified, or transferred `to` another department."""

    outcome: str
    reason: str
    to: str
    by: str
    at: datetime


def not_later(field: str, at: datetime | None, now: datetime) -> None:
    """Refuse a time that has not come yet."""
    if at is not None and at > now + CLOCK_SKEW:
        raise Invalid(fields={field: ["Lies in the future."]})


def enough_officers(field: str, officers: Iterable[str]) -> None:
    """Refuse fewer than two (行政处罚法 42)."""
    if len(set(officers)) < FEWEST_OFFICERS:
        raise Invalid("too-few-officers", fields={field: ["Must name at least two different officers."]})
