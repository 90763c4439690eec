"""Working time (工作时间): when a limit is over, and how much working time has passed.

A working day is Monday to Friday, unless the gazetted days (放假调休) say otherwise; a unit's hours are the same on
each. Days of a limit are working days at the same time of day, its seconds are seconds of the unit's hours.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
KEPT = 10_000  # answers
SECOND = 1_000_000  # everything below counts whole microseconds, so that nothing is rounded on the way
LIMIT = re.compile(r"([0-9]+)([smhd])")
UNITS = {"s": 1, "m": 60, "h": 3600}

Row = Mapping[str, Any]
Which = Literal["W", "N"]  # working time 工作时间, round the clock 全天候


class Span(NamedTuple):
    """How long something may take (时限): days first, then seconds."""

    days: int = 0
    seconds: int = 0


@cache  # a town's tables hold a few dozen
def parse_limit(text: str) -> Span:
    """The span that a town's table writes as `3s`, `30m`, `4h` or `7d`."""
    found = LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(f"not a limit: {text!r}")
    number, unit = int(found[1]), found[2]
    return Span(days=number) if unit == "d" else Span(seconds=number * UNITS[unit])


@lru_cache(maxsize=KEPT)  # every limit that begins asks, most of them for the same moment
def local_date(moment: datetime) -> date:
    """The day in China at this moment."""
    return moment.astimezone(CHINA).date()


class Hours:
    """A unit's hours on a working day, from midnight in microseconds."""

    def __init__(self, periods: Iterable[Sequence[str]]) -> None:
        self.periods = tuple((_since_midnight(begins), _since_midnight(ends)) for begins, ends in periods)
        self.begins = self.periods[0][0]
        self.length = sum(end - begin for begin, end in self.periods)

    def next(self, moment: int) -> int | None:
        """The first working moment from this one on; None after hours."""
        return next((max(moment, begin) for begin, end in self.periods if moment < end), None)

    def worked(self, moment: int) -> int:
        """How much is worked until this moment."""
        return sum(min(moment, end) - begin for begin, end in self.periods if begin < moment)

    def after(self, worked: int) -> int:
        """The earliest moment at which this much is worked."""
        for begin, end in self.periods:
            if worked <= end - begin:
                return begin + worked
            worked -= end - begin
        raise ValueError("more than a day's work")


class Calendar:
    """The gazetted days and everybody's hours, made of the rows of the snapshots `calendar` and `hours`.

    Moments are in UTC, or any other zone, and are given back in UTC; days and hours are those of China. A unit
    without hours of its own has those of the unit "".
    """

    def __init__(self, days: Iterable[Row], hours: Iterable[Row]) -> None:
        rows = [*days]
        self._years = frozenset(row["year"] for row in rows if "year" in row)
        gazetted = {date.fromisoformat(row["date"]).toordinal(): bool(row["working"]) for row in rows if "date" in row}
        # Only what differs from Monday to Friday, with how many working days it adds or takes until then.
        self._unusual = {day: works for day, works in sorted(gazetted.items()) if works is not _usual(day)}
        self._unusual_days = [*self._unusual]
        self._added = [0, *accumulate(1 if works else -1 for works in self._unusual.values())]
        self._hours = {row["unit"]: Hours(row["periods"]) for row in hours}
        # What was decided together begins together, and limits and hours are few: most are asked for many times.
        self._over = lru_cache(maxsize=KEPT)(self._reckon)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return self._works(day.toordinal())

    def add(self, start: datetime, limit: Span, unit: str = "") -> datetime:
        """When a limit that begins at `start` is over: the earliest such moment, so a day's work ends with its hours.

        Outside working time it begins with the next working moment; nothing at all (0m) is over at once.
        """
        return self._over(start, limit, self.hours_of(unit))

    def _reckon(self, start: datetime, limit: Span, hours: Hours) -> datetime:
        if limit == (0, 0):
            return start.astimezone(UTC)
        day, moment = self._begin(start, hours)
        day = self._ahead(day, limit.days)
        if limit.seconds:
            whole_days, rest = divmod(hours.worked(moment) + limit.seconds * SECOND - 1, hours.length)
            day, moment = self._ahead(day, whole_days), hours.after(rest + 1)
        midnight = datetime.combine(date.fromordinal(day), time(), CHINA)
        return (midnight + timedelta(microseconds=moment)).astimezone(UTC)

    def between(self, start: datetime, end: datetime, unit: str = "") -> int:
        """Whole seconds of working time from `start` to `end`; less than 0 where the end comes first."""
        if end < start:
            return -self.between(end, start, unit)
        hours = self.hours_of(unit)
        return (self._worked(end, hours) - self._worked(start, hours)) // SECOND

    def day_seconds(self, unit: str = "") -> int:
        """How long a working day is."""
        return self.hours_of(unit).length // SECOND

    def hours_of(self, unit: str) -> Hours:
        """A unit's hours; the same object for all that have none of their own."""
        return self._hours.get(unit) or self._hours[""]

    def is_provisional(self, moment: datetime) -> bool:
        """Whether the days of this moment's year are not gazetted yet, so that the next import may change it."""
        return moment.astimezone(CHINA).year not in self._years

    def _works(self, day: int) -> bool:
        return self._unusual.get(day, _usual(day))

    def _begin(self, start: datetime, hours: Hours) -> tuple[int, int]:
        """Day and time of day of the first working moment from this one on."""
        day, moment = _local(start)
        begins = hours.next(moment) if self._works(day) else None
        return (self._ahead(day, 1), hours.begins) if begins is None else (day, begins)

    def _ahead(self, day: int, days: int) -> int:
        """The working day so many working days later."""
        while days > 0:
            day += 1
            days -= self._works(day)
        return day

    def _worked(self, moment: datetime, hours: Hours) -> int:
        """All working time until a moment, since the calendar's first day."""
        day, of_day = _local(moment)
        # Day 1 is a Monday.
        weeks, weekday = divmod(day - 1, 7)
        days = weeks * 5 + min(weekday, 5) + self._added[bisect_left(self._unusual_days, day)]
        return days * hours.length + (hours.worked(of_day) if self._works(day) else 0)


def due(calendar: Calendar, which: Which, start: datetime, span: Span, unit: str = "") -> datetime:
    """When a limit is over, in working time (W) or round the clock (N)."""
    if which == "W":
        return calendar.add(start, span, unit)
    return start.astimezone(UTC) + timedelta(days=span.days, seconds=span.seconds)


def _usual(day: int) -> bool:
    """Whether it is Monday to Friday."""
    return (day - 1) % 7 < 5


def _local(moment: datetime) -> tuple[int, int]:
    """A moment's day, and its time of day in microseconds, in China."""
    there = moment.astimezone(CHINA)
    return there.toordinal(), ((there.hour * 60 + there.minute) * 60 + there.second) * SECOND + there.microsecond


def _since_midnight(text: str) -> int:
    """A time of day such as 09:00, up to 24:00, in microseconds."""
    hour, minute = text.split(":")
    return (int(hour) * 60 + int(minute)) * 60 * SECOND
