"""When limits are over in working time: spot checks that people can follow with a calendar in the hand."""

from datetime import UTC, date, timedelta
from timeit import repeat

import pytest
from chinese_calendar import constants, is_workday

from shared.calendar import Calendar, Span, due, parse_limit
from tests.unit.calendar.years import at, calendar, days

CALENDAR = calendar()

# start, limit, unit, when it is over
LIMITS = [
    ("2026-11-23 09:00", "1d", "", "2026-11-24 09:00"),  # Monday to Tuesday
    ("2026-11-27 16:00", "1d", "", "2026-11-30 16:00"),  # Friday to Monday
    ("2026-11-23 09:00", "7h", "", "2026-11-23 17:30"),  # a full day's seconds
    ("2026-11-23 09:00", "3h", "", "2026-11-23 12:00"),  # not 13:30, which is equal
    ("2026-11-23 11:00", "2h", "", "2026-11-23 14:30"),  # over lunch
    ("2026-11-23 12:00", "30m", "", "2026-11-23 14:00"),  # lunch has begun
    ("2026-11-23 12:40", "1d", "", "2026-11-24 13:30"),
    ("2026-11-23 17:29", "2m", "", "2026-11-24 09:01"),
    ("2026-11-23 17:30", "1d", "", "2026-11-25 09:00"),  # Monday's hours are over
    ("2026-11-23 06:00", "1h", "", "2026-11-23 10:00"),  # before hours
    ("2026-11-28 10:00", "1h", "", "2026-11-30 10:00"),  # Saturday
    ("2026-11-23 23:30", "30s", "", "2026-11-24 09:00:30"),
    ("2026-09-30 16:00", "1d", "", "2026-10-08 16:00"),  # 国庆节
    ("2026-10-09 16:00", "1d", "", "2026-10-10 16:00"),  # a make-up Saturday
    ("2026-10-03 16:00", "1h", "", "2026-10-08 10:00"),
    ("2025-12-31 16:30", "2h", "", "2026-01-04 10:00"),  # 元旦, then a make-up Sunday
    ("2026-02-13 10:00", "15d", "", "2026-03-12 10:00"),  # 春节 with both its make-up Saturdays
    ("2026-11-23 12:15", "15m", "evenings", "2026-11-23 12:30"),
    ("2026-11-23 20:30", "1h", "evenings", "2026-11-24 09:30"),
    ("2026-11-23 09:00", "12h", "evenings", "2026-11-23 21:00"),
    ("2026-11-23 01:00", "2h", "from midnight", "2026-11-23 23:00"),
    ("2026-11-23 23:00", "90m", "from midnight", "2026-11-24 00:30"),
    ("2026-11-27 23:00", "90m", "from midnight", "2026-11-30 00:30"),
    ("2026-11-23 09:00", "4h", "no hours of its own", "2026-11-23 14:30"),
]


@pytest.mark.parametrize(("start", "limit", "unit", "over"), LIMITS)
def test_a_limit_is_over_at_the_earliest_such_working_moment(start: str, limit: str, unit: str, over: str) -> None:
    """Days keep the time of day, seconds count within hours."""
    found = due(CALENDAR, "W", at(start), parse_limit(limit), unit)
    assert (found, found.tzinfo) == (at(over), UTC)


def test_days_and_seconds_together_count_days_first() -> None:
    """Friday afternoon and a day is Monday afternoon; two hours more end on Tuesday."""
    assert CALENDAR.add(at("2026-11-27 16:30"), Span(1, 7200)) == at("2026-12-01 10:00")


def test_a_limit_of_nothing_is_over_at_once() -> None:
    """At any hour: a step of the ladder that begins with the due time does not wait for the morning."""
    assert CALENDAR.add(at("2026-11-28 03:00"), Span()) == at("2026-11-28 03:00")


def test_fractions_of_a_second_are_kept() -> None:
    """Nothing is rounded."""
    moment = at("2026-11-23 17:29:59") + timedelta(microseconds=500_000)
    assert CALENDAR.add(moment, Span(0, 1)) == at("2026-11-24 09:00") + timedelta(microseconds=500_000)


def test_round_the_clock_a_day_is_24_hours() -> None:
    """Whatever the calendar says."""
    assert due(CALENDAR, "N", at("2026-10-02 03:00"), Span(1, 30)) == at("2026-10-03 03:00:30")


def test_working_time_between_two_moments_is_counted_both_ways() -> None:
    """From Friday 17:00 to Monday 09:30 is an hour; back it is less than nothing."""
    friday, monday = at("2026-11-27 17:00"), at("2026-11-30 09:30")
    assert CALENDAR.between(friday, monday) == 3600
    assert CALENDAR.between(monday, friday) == -3600
    assert CALENDAR.between(friday, friday) == 0
    assert CALENDAR.between(friday, monday, "round the clock") == (7 + 9.5) * 3600


def test_a_days_length_is_its_units() -> None:
    """Lunch doesn't count."""
    assert CALENDAR.day_seconds() == 7 * 3600
    assert CALENDAR.day_seconds("evenings") == 12 * 3600
    assert CALENDAR.day_seconds("nobody's") == 7 * 3600


def test_a_moment_in_a_year_that_is_not_gazetted_is_provisional() -> None:
    """The year is China's, not UTC's."""
    assert not CALENDAR.is_provisional(at("2026-12-31 23:59"))
    assert CALENDAR.is_provisional(at("2027-01-01 00:00"))
    assert Calendar([], []).is_provisional(at("2026-01-01 00:00"))


def test_the_example_towns_calendar_is_the_gazettes_on_every_day() -> None:
    """As the package chinesecalendar knows them, from its first year to its last."""
    first, last = min(constants.holidays), max(constants.holidays)
    every = days(date(first.year, 1, 1), date(last.year, 12, 31))
    assert [day for day in every if CALENDAR.is_working_day(day) != is_workday(day)] == []


@pytest.mark.parametrize(
    ("text", "span"), [("3s", (0, 3)), ("30m", (0, 1800)), ("4h", (0, 14400)), ("7d", (7, 0)), ("0m", (0, 0))]
)
def test_limits_are_read_as_tables_write_them(text: str, span: tuple[int, int]) -> None:
    """A number and its unit."""
    assert parse_limit(text) == span


@pytest.mark.parametrize("text", ["", "3", "d", "3w", " 3d", "-3d", "1.5h", "3d\n"])
def test_anything_else_is_no_limit(text: str) -> None:
    """And is refused."""
    with pytest.raises(ValueError, match="not a limit"):
        parse_limit(text)


def test_a_due_time_fifteen_working_days_ahead_costs_less_than_50_microseconds() -> None:
    """The best of several rounds, so that a busy machine doesn't matter."""
    start, limit = at("2026-09-18 16:00"), Span(15, 1800)
    assert min(repeat(lambda: CALENDAR.add(start, limit), number=200, repeat=20)) / 200 < 50e-6
