"""Calendars for tests: the gazetted days of the example town, and hours of every shape."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from shared.calendar import Calendar
from tests.support.example import EXAMPLE

CHINA = timezone(timedelta(hours=8))

HOURS = {
    "": [("09:00", "12:00"), ("13:30", "17:30")],
    "over lunch": [("08:30", "17:00")],
    "evenings": [("09:00", "21:00")],
    "three shifts": [("07:00", "11:00"), ("12:00", "15:30"), ("16:15", "23:59")],
    "from midnight": [("00:00", "02:00"), ("22:00", "24:00")],
    "round the clock": [("00:00", "24:00")],
}


def gazetted() -> dict[date, bool]:
    """Every gazetted day of the example town's calendar: whether people work."""
    with (EXAMPLE / "calendar.csv").open(encoding="utf-8", newline="") as file:
        return {
            day: row["day"] == "workday"
            for row in csv.DictReader(file)
            for day in days(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))
        }


def days(first: date, last: date) -> list[date]:
    """Every day of a range."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def calendar() -> Calendar:
    """The calendar of the example town with these hours."""
    found = gazetted()
    rows: list[dict[str, Any]] = [{"year": year} for year in sorted({day.year for day in found})]
    rows += [{"date": day.isoformat(), "working": works, "name": ""} for day, works in found.items()]
    return Calendar(rows, [{"unit": unit, "periods": periods} for unit, periods in HOURS.items()])


def at(text: str) -> datetime:
    """A moment in China, as `2026-10-01 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)
