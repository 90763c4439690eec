"""Import the gazetted days of a year (装入放假调休): the years that are named are replaced, the others stay."""

from msgspec import Struct

from services.directory.domain.calendar import DayRange, Fault, faults, replace_years, rows_of, said_of, year_of
from services.directory.domain.dataset import CALENDAR, Dataset, Row, Rows
from shared.contracts.directory import ReferencePublishedV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, one
from shared.errors import Invalid


class ImportCalendar(Struct, frozen=True):
    """Whole years of gazetted days, as ranges."""

    ranges: tuple[DayRange, ...]
    actor: Actor = SYSTEM


class CalendarImported(Struct, frozen=True):
    """What changed: the calendar's version, the years that were named, and each day of them that is another now."""

    version: int
    years: tuple[int, ...]
    added: tuple[Row, ...]
    removed: tuple[Row, ...]


def needs(command: ImportCalendar) -> Needs:  # noqa: ARG001 - there is one calendar
    yield one(Dataset, CALENDAR)


def decide(command: ImportCalendar, loaded: Loaded, context: Context) -> Outcome:
    """Refused as a whole while one range is wrong."""
    context.allow(command)
    if found := [*faults(command.ranges)]:
        raise Invalid("calendar-wrong", fields=_fields(found))
    before = loaded.find(Dataset, CALENDAR)
    years = rows_of(command.ranges)
    after = before.replace(replace_years(before.content, years)) if before else Dataset(CALENDAR, years)
    result = _result(before.content if before else (), after, sorted({year_of(row) for row in years}))
    if after is before:
        return Outcome(result=result)
    announced = ReferencePublishedV1(after.id, after.version, [*after.content])
    new, changed = ((), (after,)) if before else ((after,), ())
    return Outcome(new=new, changed=changed, events=(announced,), result=result)


def _fields(found: list[Fault]) -> dict[str, list[str]]:
    """Each wrong range by its place in the body."""
    fields: dict[str, list[str]] = {}
    for fault in found:
        fields.setdefault(f"rows.{fault.position}", []).append(said_of(fault))
    return fields


def _result(before: Rows, after: Dataset, years: list[int]) -> CalendarImported:
    old, new = _days(before), _days(after.content)
    return CalendarImported(
        version=after.version,
        years=tuple(years),
        added=tuple(row for date, row in new.items() if old.get(date) != row),
        removed=tuple(row for date, row in old.items() if new.get(date) != row),
    )


def _days(rows: Rows) -> dict[str, Row]:
    return {row["date"]: row for row in rows if "date" in row}
