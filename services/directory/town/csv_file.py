"""Reading a CSV file to raw rows."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from services.directory.town.problems import Problems, Source
from services.directory.town.schemas import RowSchema
from services.directory.town.tables import RawRow, RawTable
from services.directory.town.text_file import read_text

Line = tuple[int, list[str]]


def read_csv(path: Path, schema: RowSchema, problems: Problems) -> RawTable:
    """The file's rows by the columns of its header, which must be those of the schema, in any order."""
    text = read_text(path, problems)
    return raw_table(path.name, split(path.name, text, problems) if text else None, schema, problems)


def raw_table(file: str, lines: Sequence[Line] | None, schema: RowSchema, problems: Problems) -> RawTable:
    """The rows in a file's lines, of which the first is the header; none without any."""
    if not lines:
        return RawTable()
    (header_line, header), *body = lines
    complete = _check_header(Source(file, header_line), header, schema.columns, problems)
    if not body and not schema.may_be_empty:
        problems.add(Source(file, header_line), "no-rows")
    rows, keys = [], set()
    for line, cells in body:
        source = Source(file, line)
        values = {name: cell for name, cell in zip(header, cells, strict=False) if cell and name in schema.columns}
        keys.add(values.get(schema.key[0], ""))
        if len(cells) == len(header):
            rows.append(RawRow(source, values))
        else:
            problems.add(source, "wrong-cell-count", expected=len(header), found=len(cells))
    return RawTable(tuple(rows) if complete else (), frozenset(keys) if schema.key[0] in header else None)


def split(file: str, text: str, problems: Problems) -> list[Line] | None:
    """Every row that is not blank, with the line on which it begins; None when the quoting is broken."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = []
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                lines.append((begins, stripped))
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.add(Source(file, begins), "broken-csv", reason=error)
        return None
    return lines


def _check_header(source: Source, header: list[str], columns: list[str], problems: Problems) -> bool:
    """Whether every column is there, once; unknown ones are noted but can be passed over."""
    repeated = {column for column in header if header.count(column) > 1}
    missing = [column for column in columns if column not in header]
    for column in sorted(repeated):
        problems.add(source, "repeated-column", column=column)
    for column in missing:
        problems.add(source, "missing-column", column=column)
    for column in set(header) - set(columns):
        problems.add(source, "unknown-column", column=column)
    return not repeated and not missing
