"""Reading a town and checking it as a whole, so that nothing is changed anywhere while one row is wrong."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from services.directory.domain.calendar import DayRange
from services.directory.town import schemas
from services.directory.town.check_areas import check_areas
from services.directory.town.check_limits import check_calendar, check_hours, check_policies, check_weights
from services.directory.town.check_people import check_people, check_responsible
from services.directory.town.check_units import check_categories, check_departments, check_responsibility
from services.directory.town.csv_file import read_csv
from services.directory.town.geojson_file import read_geojson
from services.directory.town.model import Town
from services.directory.town.problems import Problems
from services.directory.town.tables import Table, load_table
from services.directory.town.town_tables import TownTables
from services.directory.town.yaml_file import read_kinds


def read_town(directory: Path) -> Town:
    """The town in this directory; raises `TownErrors` with every wrong row, by file and line."""
    problems = Problems()
    tables = _load(directory, problems)
    check_areas(tables, problems)
    check_departments(tables, problems)
    check_categories(tables, problems)
    check_responsibility(tables, problems)
    check_people(tables, problems)
    check_responsible(tables, problems)
    check_calendar(tables.calendar, problems)
    check_hours(tables, problems)
    check_policies(tables, problems)
    check_weights(tables, problems)
    problems.raise_if_any()
    return Town(**{field.name: getattr(tables, field.name).records for field in fields(Town)})


def read_calendar(path: Path) -> tuple[DayRange, ...]:
    """The gazetted days in this file, as `calendar.csv` has them; raises `TownErrors` with every wrong row."""
    problems, schema = Problems(), schemas.DayRangeSchema()
    table: Table[DayRange] = load_table(schema, read_csv(path, schema, problems), problems)
    check_calendar(table, problems)
    problems.raise_if_any()
    return table.records


def _load(directory: Path, problems: Problems) -> TownTables:
    areas, kinds = schemas.AreaSchema(), schemas.KindSchema()

    def load_csv(schema: schemas.RowSchema) -> Table[Any]:
        return load_table(schema, read_csv(directory / schema.file, schema, problems), problems)

    return TownTables(
        areas=load_table(areas, read_geojson(directory / areas.file, problems), problems),
        departments=load_csv(schemas.DepartmentSchema()),
        categories=load_csv(schemas.CategorySchema()),
        kinds=load_table(kinds, read_kinds(directory / kinds.file, problems), problems),
        responsibility=load_csv(schemas.ResponsibilitySchema()),
        people=load_csv(schemas.PersonSchema()),
        responsible=load_csv(schemas.ResponsibleSchema()),
        calendar=load_csv(schemas.DayRangeSchema()),
        hours=load_csv(schemas.HoursSchema()),
        policies=load_csv(schemas.PolicySchema()),
        weights=load_csv(schemas.WeightSchema()),
    )
