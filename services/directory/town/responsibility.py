"""The responsibility table by itself, checked against the sets that the directory has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.directory.domain.dataset import Rows
from services.directory.town import csv_file, xlsx_file
from services.directory.town.check_units import check_responsibility
from services.directory.town.model import Area, Category, Department, Responsibility
from services.directory.town.problems import Problems, Source
from services.directory.town.schemas import ResponsibilitySchema
from services.directory.town.snapshots import rows_of
from services.directory.town.tables import Table, load_table
from services.directory.town.text_file import decode

Row = Mapping[str, Any]
XLSX = b"PK\x03\x04"  # how a workbook begins; anything else is CSV
REFERS_TO = ("areas", "departments", "categories")


@dataclass(frozen=True, slots=True)
class _Units:
    areas: Table[Area]
    departments: Table[Department]
    categories: Table[Category]
    responsibility: Table[Responsibility]


def read_responsibility(data: bytes, known: Mapping[str, Sequence[Row]]) -> Rows:
    """The rows of this file as `responsibility.csv` of a town has them; raises `TownErrors` with every wrong one.

    `known` are the sets `REFERS_TO`.
    """
    problems, schema = Problems(), ResponsibilitySchema()
    if data.startswith(XLSX):
        lines = xlsx_file.split(schema.file, data, problems)
    else:
        text = decode(schema.file, data, problems)
        lines = csv_file.split(schema.file, text, problems) if text else None
    table = load_table(schema, csv_file.raw_table(schema.file, lines, schema, problems), problems)
    areas: Table[Area] = Table((), frozenset(row["code"] for row in known["areas"]))
    departments, categories = _known(Department, known["departments"]), _known(Category, known["categories"])
    check_responsibility(_Units(areas, departments, categories, table), problems)
    problems.raise_if_any()
    return tuple(rows_of(table.records))


def _known(kind: type[Any], rows: Sequence[Row]) -> Table[Any]:
    return Table(tuple((Source("", 0), kind(**row)) for row in rows), frozenset(row["code"] for row in rows))
