"""What importing a year's holidays and make-up workdays changes, announces, and refuses."""

from datetime import date

import pytest

from services.directory.commands import import_calendar, load_town
from services.directory.commands.import_calendar import ImportCalendar
from services.directory.domain.calendar import HOLIDAY, WORKDAY, DayRange
from services.directory.domain.dataset import CALENDAR, Dataset, Rows
from shared.access.actor import Actor, Role
from shared.errors import Forbidden, Invalid
from tests.support.deciding import decide
from tests.unit.directory.samples import ADMINISTRATOR, HERSELF, announced, town


def days(first: str, last: str = "", name: str = "国庆节", day: str = HOLIDAY) -> DayRange:
    """A range by its first and last day."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    return DayRange(begins.year, begins, ends, day, name)


def year(number: int, *more: DayRange) -> tuple[DayRange, ...]:
    """A year with its seven holidays, a day each (not where they fall), and more."""
    names = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
    return (*(days(f"{number}-{month:02}-01", name=name) for month, name in enumerate(names, 1)), *more)


def row(day: str, working: bool, name: str) -> dict[str, object]:
    """A day as the snapshot tells of it."""
    return {"date": day, "working": working, "name": name}


def rows_of_years(*numbers: int) -> Rows:
    """The snapshot of such years."""
    [dataset] = decide(import_calendar, ImportCalendar(tuple(one for number in numbers for one in year(number)))).new
    content: Rows = dataset.content
    return content


KNOWN = Dataset(CALENDAR, rows_of_years(2025, 2026), 4)
MAKE_UP = days("2027-10-09", day=WORKDAY)


def test_a_new_year_comes_beside_the_others_and_the_whole_calendar_is_announced() -> None:
    """In its next version: the years first, then every day in order."""
    outcome = decide(import_calendar, ImportCalendar(year(2027, MAKE_UP)), KNOWN)
    [calendar] = outcome.changed
    assert [one["year"] for one in calendar.content[:3]] == [2025, 2026, 2027]
    dates = [one["date"] for one in calendar.content[3:]]
    assert dates == sorted(dates)
    assert announced(outcome.events) == {CALENDAR: (5, [*calendar.content])}
    assert row("2027-10-09", True, "国庆节") in calendar.content
    assert (outcome.result.version, outcome.result.years) == (5, (2027,))
    assert len(outcome.result.added) == 8
    assert outcome.result.removed == ()


def test_a_year_that_is_known_is_replaced_whole() -> None:
    """What is no longer named is gone; other years are as they were."""
    changed = (*year(2026)[:-1], days("2026-07-02"))
    outcome = decide(import_calendar, ImportCalendar(changed), KNOWN)
    [calendar] = outcome.changed
    assert outcome.result.added == (row("2026-07-02", False, "国庆节"),)
    assert outcome.result.removed == (row("2026-07-01", False, "国庆节"),)
    assert {*map(str, rows_of_years(2025))} <= {*map(str, calendar.content)}


def test_the_same_year_again_changes_and_announces_nothing() -> None:
    """In whatever order its rows come."""
    outcome = decide(import_calendar, ImportCalendar(year(2026)[::-1]), KNOWN)
    assert (outcome.new, outcome.changed, outcome.events) == ((), (), ())
    assert (outcome.result.version, outcome.result.added, outcome.result.removed) == (4, (), ())


def test_the_first_calendar_is_imported_into_an_empty_directory() -> None:
    """Version 1."""
    outcome = decide(import_calendar, ImportCalendar(year(2026)))
    assert [(one.id, one.version) for one in outcome.new] == [(CALENDAR, 1)]
    assert announced(outcome.events)[CALENDAR][0] == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (days("2027-10-02", "2027-10-01"), "Ends before it begins."),
        (days("2027-12-31", "2028-01-02"), "Leaves the year 2027."),
        (days("2027-10-08", day=WORKDAY), "2027-10-08 is no weekend day."),
        (days("2027-06-30", "2027-07-02"), "2027-07-01 is in rows.6 already."),
        (days("2027-05-01", day=WORKDAY), "2027-05-01 is a holiday and a working day (rows.4)."),
    ],
)
def test_a_wrong_range_is_refused_by_its_place(more: DayRange, said: str) -> None:
    """And with it the whole import."""
    with pytest.raises(Invalid) as refused:
        decide(import_calendar, ImportCalendar(year(2027, more)), KNOWN)
    assert (refused.value.slug, refused.value.fields) == ("calendar-wrong", {"rows.7": [said]})


def test_every_wrong_range_is_named() -> None:
    """All of them at once; a missing holiday at the first row of its year."""
    ranges = (*year(2026), *year(2027, days("2027-10-08", day=WORKDAY), days("2027-01-01"))[1:])
    ranges = (*ranges, days("2028-01-02", "2028-01-01", name="元旦、春节、清明节、劳动节、端午节、中秋节"))
    with pytest.raises(Invalid) as refused:
        decide(import_calendar, ImportCalendar(ranges), KNOWN)
    assert refused.value.fields == {
        "rows.7": ["The year 2027 lacks 元旦."],
        "rows.13": ["2027-10-08 is no weekend day."],
        "rows.15": ["Ends before it begins.", "The year 2028 lacks 国庆节."],
    }


def test_before_2008_four_holidays_were_enough() -> None:
    """清明节, 端午节 and 中秋节 came later."""
    four = ("元旦", "春节", "劳动节", "国庆节")
    ranges = tuple(one for one in year(2007) if one.name in four)
    assert len(decide(import_calendar, ImportCalendar(ranges)).new) == 1
    later = tuple(one for one in year(2008) if one.name in four)
    with pytest.raises(Invalid):
        decide(import_calendar, ImportCalendar(later))


def test_an_administrator_imports() -> None:
    """For the whole town, whatever their area."""
    assert decide(import_calendar, ImportCalendar(year(2027), ADMINISTRATOR), KNOWN).result.version == 5


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISTRICT_SUPERVISOR, Role.DEPARTMENT_HEAD, Role.OFFICER])
def test_nobody_else_imports(role: Role) -> None:
    """Whoever watches the clocks does not set them."""
    with pytest.raises(Forbidden):
        decide(import_calendar, ImportCalendar(year(2027), Actor(HERSELF.id, frozenset({role}))), KNOWN)


def test_a_town_that_is_loaded_again_keeps_the_years_that_its_calendar_lacks() -> None:
    """An administrator has imported them; years that both know are the town's."""
    changed = decide(import_calendar, ImportCalendar((*year(2025)[:-1], days("2025-07-02")))).new[0].content
    outcome = decide(load_town, town(calendar=changed), KNOWN)
    [calendar] = outcome.changed
    assert [one["year"] for one in calendar.content if "year" in one] == [2025, 2026]
    assert row("2025-07-02", False, "国庆节") in calendar.content
    assert row("2025-07-01", False, "国庆节") not in calendar.content
    assert decide(load_town, town(calendar=rows_of_years(2025)), KNOWN).changed == []
