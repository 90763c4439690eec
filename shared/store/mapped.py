"""Aggregate <-> row, by the fields of the struct: each field lies in the column of its name."""

from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, get_type_hints

import msgspec
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Float, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSON, JSONB

# What a column's values are called in an array parameter; JSON travels as text and is cast in the statement.
ARRAY_TYPES: dict[type[Any], str] = {
    Uuid: "uuid",
    JSON: "text",  # JSONB is one
    Text: "text",
    BigInteger: "bigint",
    Integer: "integer",
    Boolean: "boolean",
    Float: "double precision",
    DateTime: "timestamptz",
    Date: "date",
    LargeBinary: "bytea",
}

_encode = msgspec.json.Encoder().encode


def array_type(column: Any) -> str:
    """The PostgreSQL name of a column's type inside `unnest(…::type[])`."""
    for kind, name in ARRAY_TYPES.items():
        if isinstance(column.type, kind):
            return name
    raise TypeError(f"no array type for {column}: {column.type!r}")


def quoted(table: Table) -> str:
    """A table's name in its schema, safe in SQL."""
    return f'"{table.schema}"."{table.name}"'


class Mapped:
    """How one kind of aggregate lies in its table."""

    def __init__(self, kind: type[Any], table: Table) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.table = table
        self.name = quoted(table)
        self.fields = kind.__struct_fields__
        missing = set(self.fields) ^ set(table.columns.keys())
        if missing:
            raise TypeError(f"{kind.__name__} and its table {self.name} differ in {sorted(missing)}")
        columns = {name: table.columns[name] for name in self.fields}
        self.types = {name: array_type(column) for name, column in columns.items()}
        # By the type that the text of such a column is cast to.
        self.json = {
            name: "jsonb" if isinstance(column.type, JSONB) else "json"
            for name, column in columns.items()
            if isinstance(column.type, JSON)
        }
        self._gets = {name: attrgetter(name) for name in self.fields}
        self._dumps = {name: _dump(hints[name], name in self.json) for name in self.fields}
        self._loads = [_load(hints[name], name in self.json) for name in self.fields]
        self.selected = ", ".join(f'"{name}"::text' if name in self.json else f'"{name}"' for name in self.fields)

    def columns_of(self, aggregates: Sequence[Any], fields: Sequence[str]) -> list[list[Any]]:
        """The aggregates' values, a list for each of these fields' columns."""
        columns = [list(map(self._gets[name], aggregates)) for name in fields]
        return [
            values if (dump := self._dumps[name]) is None else dump(values)
            for name, values in zip(fields, columns, strict=True)
        ]

    def given(self, aggregates: Sequence[Any]) -> tuple[str, ...]:
        """The fields in which one of these holds anything; the others are NULL in all of them."""
        return tuple(name for name, get in self._gets.items() if any(get(one) is not None for one in aggregates))

    def differing(self, pairs: Sequence[tuple[Any, Any]]) -> tuple[str, ...]:
        """The fields in which one of these differs from what it was before."""
        return tuple(
            name
            for name, get in self._gets.items()
            if any((now := get(one)) is not (then := get(before)) and now != then for one, before in pairs)
        )

    def load(self, row: Sequence[Any]) -> Any:
        """The aggregate that lies in a row of `selected` columns."""
        values = [
            value if load is None or value is None else load(value)
            for value, load in zip(row, self._loads, strict=True)
        ]
        return self.kind(*values)


def _dump(hint: Any, json: bool) -> Callable[[list[Any]], list[Any]] | None:
    if json:
        return _dump_json
    return _dump_enum if _enum_in(hint) else None


def _dump_json(values: list[Any]) -> list[str | None]:
    """Several rows may hold the very same object, such as the notices of one summons: it is written once."""
    dumped: dict[int, str | None] = {id(None): None}
    return [
        dumped[id(value)] if id(value) in dumped else dumped.setdefault(id(value), _encode(value).decode())
        for value in values
    ]


def _dump_enum(values: list[Any]) -> list[Any]:
    return [None if value is None else value.value for value in values]


def _load(hint: Any, json: bool) -> Callable[[Any], Any] | None:
    if json:
        return msgspec.json.Decoder(hint).decode
    found = _enum_in(hint)
    return {one.value: one for one in found}.__getitem__ if found else None  # calling the class takes ten times as long


def _enum_in(hint: Any) -> type[Enum] | None:
    """The enumeration that a field holds, also when it may be None."""
    for one in (hint, *getattr(hint, "__args__", ())):
        if isinstance(one, type) and issubclass(one, Enum):
            return one
    return None
