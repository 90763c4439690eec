"""The calendar against a count minute by minute, which is slow and cannot be wrong."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.calendar import Span
from tests.unit.calendar.years import CHINA, HOURS, at, calendar, gazetted

CALENDAR, GAZETTED = calendar(), gazetted()
MINUTE = timedelta(minutes=1)

UNITS = st.sampled_from([*HOURS, "no hours of its own"])
# Days near which something unusual happens, and the year after the last gazetted one.
UNUSUAL = [day for day in GAZETTED if day.year >= 2017]
NEAR = st.builds(lambda day, off: day + timedelta(off), st.sampled_from(UNUSUAL), st.integers(-4, 4))
DAYS = NEAR | st.dates(date(2017, 1, 1), date(2027, 3, 1))
OFTEN = st.sampled_from([0, 1, 7 * 60, 539, 540, 541, 719, 720, 721, 810, 1050, 1259, 1260, 1439])
MINUTES = st.builds(
    lambda day, minute: (datetime.combine(day, time(), CHINA) + minute * MINUTE).astimezone(UTC),
    DAYS,
    OFTEN | st.integers(0, 1439),
)


def test_days_and_hours_cover_what_is_tried() -> None:
    """Make-up days, long holidays and year ends are among the unusual days."""
    assert {True, False} == {GAZETTED[day] for day in UNUSUAL}
    assert {(12, 31), (1, 1)} <= {(day.month, day.day) for day in UNUSUAL}


def works(day: date) -> bool:
    """Whether people work on this day."""
    return GAZETTED.get(day, day.weekday() < 5)


def counts(minute: datetime, unit: str) -> bool:
    """Whether the minute that begins here is working time."""
    there = minute.astimezone(CHINA)
    clock = f"{there:%H:%M}"
    return works(there.date()) and any(begin <= clock < end for begin, end in HOURS.get(unit, HOURS[""]))


def slowly(start: datetime, limit: Span, unit: str) -> datetime:
    """When a limit of whole minutes is over: from minute to minute."""
    if limit == Span():
        return start
    moment = start
    while not counts(moment, unit):
        moment += MINUTE
    for _ in range(limit.days):
        moment += timedelta(days=1)
        while not works(moment.astimezone(CHINA).date()):
            moment += timedelta(days=1)
    left = limit.seconds // 60
    while left:
        left -= counts(moment, unit)
        moment += MINUTE
    return moment


@settings(deadline=None)  # the slow count is slow
@given(MINUTES, st.integers(0, 15), st.integers(0, 1500), UNITS)
@example(at("2025-12-31 17:00"), 1, 30, "")
@example(at("2026-11-23 12:00"), 1, 0, "")
@example(at("2026-09-30 20:59"), 0, 1, "evenings")
def test_a_limit_is_over_when_the_minutes_say_so(start: datetime, days: int, minutes: int, unit: str) -> None:
    """For every unit, day and minute."""
    limit = Span(days, minutes * 60)
    assert CALENDAR.add(start, limit, unit) == slowly(start, limit, unit)


@settings(deadline=None)
@given(MINUTES, st.integers(0, 6 * 1440), UNITS)
def test_working_time_is_as_many_minutes_as_count(start: datetime, minutes: int, unit: str) -> None:
    """Between any two moments up to six days apart."""
    counted = sum(counts(start + number * MINUTE, unit) for number in range(minutes))
    assert CALENDAR.between(start, start + minutes * MINUTE, unit) == counted * 60


@given(MINUTES, st.timedeltas(timedelta(), MINUTE), st.integers(1, 10**6), UNITS)
def test_a_limit_in_seconds_is_that_much_working_time_and_ends_within_it(
    start: datetime, later: timedelta, seconds: int, unit: str
) -> None:
    """To the microsecond: no working time is lost, and none lies between the last worked moment and the end."""
    begins = start + later
    over = CALENDAR.add(begins, Span(0, seconds), unit)
    assert CALENDAR.between(begins, over, unit) == seconds
    assert CALENDAR.between(begins, over - timedelta(microseconds=1), unit) == seconds - 1


@given(MINUTES, st.integers(1, 40), UNITS)
def test_days_are_as_many_days_work(start: datetime, days: int, unit: str) -> None:
    """A day of a limit is a working day's time, wherever it begins."""
    over = CALENDAR.add(start, Span(days), unit)
    assert CALENDAR.between(start, over, unit) == days * CALENDAR.day_seconds(unit)
