"""From raw rows to a table of dataclasses: what every file has in common once it has been read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from marshmallow import ValidationError

from services.directory.town.problems import Problems, Source
from services.directory.town.schemas import RowSchema

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file has it, without its empty cells."""

    source: Source
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's rows; `keys` are the values others may refer to, or None when the file does not even tell those."""

    rows: tuple[RawRow, ...] = ()
    keys: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """A file's correct rows. `keys` holds the wrong rows' keys too, so that one mistake is not reported everywhere."""

    rows: tuple[tuple[Source, T], ...]
    keys: frozenset[str] | None

    def __iter__(self) -> Iterator[tuple[Source, T]]:
        return iter(self.rows)

    @property
    def records(self) -> tuple[T, ...]:
        """The rows without where they stand."""
        return tuple(record for _, record in self.rows)

    def lacks(self, key: str | None) -> bool:
        """Whether `key` is given and certainly unknown."""
        return key is not None and self.keys is not None and key not in self.keys


def load_table(schema: RowSchema, raw: RawTable, problems: Problems) -> Table[Any]:
    """The rows that fit the schema; the others, and repeated keys, are noted as problems."""
    rows = []
    first_lines: dict[tuple[str, ...], int] = {}
    for row in raw.rows:
        key = tuple(str(row.values.get(column, "")) for column in schema.key)
        if row.values.get(schema.key[0]) and first_lines.setdefault(key, row.source.line) != row.source.line:
            problems.add(row.source, "duplicate-key", first=first_lines[key], key=" ".join(filter(None, key)))
        try:
            rows.append((row.source, schema.load(row.values)))
        except ValidationError as error:
            for column, text, reason in _flatten(error.messages):
                problems.add(row.source, text, column=column, value=_value(row.values, column), reason=reason)
    return Table(tuple(rows), raw.keys)


def _flatten(messages: Any, column: str = "") -> Iterator[tuple[str, str, str]]:
    """Every (column, text, reason) in marshmallow's nested messages; a nested column is dotted."""
    if isinstance(messages, dict):
        for name, below in messages.items():
            yield from _flatten(below, column if name == "_schema" else f"{column}.{name}".lstrip("."))
        return
    for message in messages:
        text, reason = message if isinstance(message, tuple) else (message, "")
        yield column, text, reason


def _value(values: Any, column: str) -> Any:
    for name in column.split("."):
        if isinstance(values, list):
            values = values[int(name)]
        elif isinstance(values, dict):
            values = values.get(name, "")
    return values
