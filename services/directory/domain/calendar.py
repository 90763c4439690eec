"""The gazetted days of a year (放假调休): written as ranges, checked, and announced day by day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from msgspec import Struct

HOLIDAY, WORKDAY = "holiday", "workday"  # 放假, 调休上班
DAYS = (HOLIDAY, WORKDAY)
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
FROM_2008 = ("清明节", "端午节", "中秋节")  # none of them was gazetted before 2008

SAID = {  # what is wrong with a row, as the API says it
    "range-backwards": "Ends before it begins.",
    "outside-its-year": "Leaves the year {year}.",
    "workday-not-at-weekend": "{date} is no weekend day.",
    "day-twice": "{date} is in rows.{other} already.",
    "workday-in-holiday": "{date} is a holiday and a working day (rows.{other}).",
    "holiday-missing": "The year {year} lacks {name}.",
}

Row = dict[str, Any]


class DayRange(Struct, frozen=True):
    """Days in a row, first and last included, on which nobody works or, at a weekend, everybody does."""

    year: int
    first: date
    last: date
    day: str
    name: str

    @property
    def days(self) -> list[date]:
        """Every day of the range."""
        return [self.first + timedelta(number) for number in range((self.last - self.first).days + 1)]


class Fault(Struct, frozen=True):
    """What is wrong with the range at `position`, by the name of its text; `other` is a range that is in the way."""

    position: int
    text: str
    facts: dict[str, object] = {}
    other: int | None = None


def faults(ranges: Sequence[DayRange]) -> Iterator[Fault]:
    """Everything that is wrong with these ranges, each by its position."""
    whole = []
    for position, one in enumerate(ranges):
        if one.last < one.first:
            yield Fault(position, "range-backwards")
        elif {one.first.year, one.last.year} != {one.year}:
            yield Fault(position, "outside-its-year", {"year": one.year})
        else:
            whole.append((position, one))
            yield from _no_weekend(position, one)
    yield from _in_the_way(whole)
    yield from _missing(ranges)


def _no_weekend(position: int, one: DayRange) -> Iterator[Fault]:
    if one.day == WORKDAY:
        for day in one.days:
            if day.weekday() < 5:
                yield Fault(position, "workday-not-at-weekend", {"date": day})


def _in_the_way(ranges: Sequence[tuple[int, DayRange]]) -> Iterator[Fault]:
    """One fault for each range that shares a day with one before it."""
    owners: dict[date, int] = {}
    kinds = {position: one.day for position, one in ranges}
    for position, one in ranges:
        for day in one.days:
            other = owners.setdefault(day, position)
            if other != position:
                text = "day-twice" if kinds[other] == one.day else "workday-in-holiday"
                yield Fault(position, text, {"date": day}, other)
                break


def _missing(ranges: Sequence[DayRange]) -> Iterator[Fault]:
    """A year without one of its holidays, told of the year's first range. One range may be two holidays."""
    for year in sorted({one.year for one in ranges}):
        named = "、".join(one.name for one in ranges if one.year == year and one.day == HOLIDAY)
        position = next(position for position, one in enumerate(ranges) if one.year == year)
        for name in HOLIDAYS:
            if name not in named and (year >= 2008 or name not in FROM_2008):
                yield Fault(position, "holiday-missing", {"year": year, "name": name})


def said_of(fault: Fault) -> str:
    """What is wrong, in English."""
    return SAID[fault.text].format(**fault.facts, other=fault.other)


def rows_of(ranges: Sequence[DayRange]) -> tuple[Row, ...]:
    """The snapshot `calendar`: each year with the row that it is gazetted, then its days."""
    years: tuple[Row, ...] = tuple({"year": year} for year in sorted({one.year for one in ranges}))
    days = sorted(((day.isoformat(), one) for one in ranges for day in one.days), key=itemgetter(0))
    return years + tuple({"date": day, "working": one.day == WORKDAY, "name": one.name} for day, one in days)


def year_of(row: Row) -> int:
    """The year that a row of the snapshot belongs to."""
    return int(row["year"]) if "year" in row else date.fromisoformat(row["date"]).year


def replace_years(present: Iterable[Row], years: Iterable[Row]) -> tuple[Row, ...]:
    """The snapshot with these years in the place of what it said about them; every other year stays."""
    new = [*years]
    named = {row["year"] for row in new if "year" in row}
    rows = [row for row in present if year_of(row) not in named] + new
    return tuple(sorted(rows, key=lambda row: (row.get("year", 0) == 0, row.get("year", 0), row.get("date", ""))))
