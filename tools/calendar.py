"""`whistle calendar`: the gazetted holidays and make-up workdays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from services.directory.commands.import_calendar import CalendarImported, ImportCalendar
from services.directory.domain.dataset import Row
from services.directory.town import TownErrors, read_calendar
from tools.in_directory import carry_out, directory_database, fail

app = typer.Typer(help="Holidays and make-up workdays 放假调休.", no_args_is_help=True, add_completion=False)


@app.callback()
def calendar() -> None:
    """Holidays and make-up workdays 放假调休."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="as calendar.csv of a town has it")],
) -> None:
    """Import the years that a file names 装入: those years are replaced, the others stay.

    While one row is wrong, every problem is told and nothing is changed. The running directory announces what changed.
    """
    try:
        ranges = read_calendar(file)
    except TownErrors as errors:
        fail(str(errors))
    with directory_database() as database:
        imported = carry_out(database, ImportCalendar(ranges), CalendarImported)
    for line in _told(imported):
        print(line)


def _told(imported: CalendarImported) -> Iterator[str]:
    if not (imported.added or imported.removed):
        yield "没有变化 Nothing changed."
        return
    yield f"calendar: 第 {imported.version} 版 version {imported.version}"
    kept = {row["date"] for row in imported.added}
    for row in imported.added:
        yield f"{row['date']}: {_day(row)}"
    for row in imported.removed:
        if row["date"] not in kept:
            yield f"{row['date']}: 不再是 no longer {_day(row)}"


def _day(row: Row) -> str:
    return f"{'上班 workday' if row['working'] else '放假 holiday'} {row['name']}"
