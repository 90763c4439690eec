"""Working time (工作日历)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
UNITS = {"s": 1, "m": 60, "h": 3600}


class Span(NamedTuple):
    """Days and then seconds."""

    days: int = 0
    seconds: int = 0


def parse_limit(text: str) -> Span:
    """`3s`, `30m`, `4h`, `7d`."""
    amount = int(text[:-1])
    return Span(days=amount) if text[-1] == "d" else Span(seconds=amount * UNITS[text[-1]])


def local_date(moment: datetime) -> date:
    """The day in local time."""
    return moment.astimezone(LOCAL).date()


class Calendar:
    """Working days and hours."""

    def __init__(self, days: Iterable[Mapping[str, Any]], hours: Iterable[Mapping[str, Any]]) -> None:
        self._days = {date.fromisoformat(row["date"]): row["working"] for row in days if "date" in row}
        self._years = {row["year"] for row in days if "year" in row}
        self._hours = {row["unit"]: [[_clock(end) for end in one] for one in row["periods"]] for row in hours}

    def is_working_day(self, day: date) -> bool:
        """Whether it is one."""
        return bool(self._days.get(day, day.weekday() < 5))

    def is_provisional(self, moment: datetime) -> bool:
        """Whether it lies past the last gazetted year."""
        return local_date(moment).year > max(self._years, default=0)

    def day_seconds(self, unit: str = "") -> int:
        """Working seconds of a day."""
        return sum(end - begin for begin, end in self._periods(unit))

    def between(self, start: datetime, end: datetime, unit: str = "") -> int:
        """Working seconds between."""
        total, day = 0, local_date(start)
        while day <= local_date(end):
            if self.is_working_day(day):
                for begin, finish in self._periods(unit):
                    total += max(0, int((min(end, _at(day, finish)) - max(start, _at(day, begin))).total_seconds()))
            day += timedelta(days=1)
        return total

    def add(self, start: datetime, limit: Span, unit: str = "") -> datetime:
        """Working time later."""
        moment = self._next(start, unit)
        for _ in range(limit.days):
            day, at = local_date(moment), moment.astimezone(LOCAL).time()
            day += timedelta(days=1)
            while not self.is_working_day(day):
                day += timedelta(days=1)
            moment = datetime.combine(day, at, LOCAL).astimezone(UTC)
        left = limit.seconds
        while left > 0:
            moment = self._next(moment, unit)
            day = local_date(moment)
            end = next(_at(day, finish) for _, finish in self._periods(unit) if _at(day, finish) > moment)
            step = min(left, (end - moment).total_seconds())
            moment, left = moment + timedelta(seconds=step), left - int(step)
        return moment

    def _periods(self, unit: str) -> list[list[int]]:
        return self._hours.get(unit) or self._hours[""]

    def _next(self, moment: datetime, unit: str) -> datetime:
        day = local_date(moment)
        while True:
            if self.is_working_day(day):
                for begin, finish in self._periods(unit):
                    if moment < _at(day, finish):
                        return max(moment, _at(day, begin))
            day += timedelta(days=1)


def due(calendar: Calendar, which: str, start: datetime, span: Span, unit: str = "") -> datetime:
    """When a limit passes."""
    if which == "W":
        return calendar.add(start, span, unit)
    return start + timedelta(days=span.days, seconds=span.seconds)


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


def _at(day: date, seconds: int) -> datetime:
    return (datetime.combine(day, time(), LOCAL) + timedelta(seconds=seconds)).astimezone(UTC)
