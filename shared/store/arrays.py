"""A column's values as one PostgreSQL array, in the form in which the server keeps it.

psycopg looks at every element to find out what it is; here the column says it. As text every quote in it is written
twice and read character by character: in this form a column of documents costs a third on both sides, one of bytes a
sixth.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

EMPTY = struct.Struct("!iiI").pack  # dimensions, whether NULLs are among them, the elements' type
FILLED = struct.Struct("!iiIii").pack  # these, how many, and the number of the first
LENGTH = struct.Struct("!i").pack
NULL = LENGTH(-1)
EPOCH, FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC), date(2000, 1, 1).toordinal()
MICROSECOND = timedelta(microseconds=1)

_bigint, _integer, _double = (struct.Struct(form).pack for form in ("!q", "!i", "!d"))
_boolean = {True: b"\1", False: b"\0"}


class Packed(bytes):
    """Such an array."""


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> Packed:
        return obj


psycopg.adapters.register_dumper(Packed, _PackedDumper)


def packed(kind: str, values: Sequence[Any]) -> Packed:
    """A parameter that is cast to `kind[]`; None becomes NULL. `psycopg.DataError` if one does not fit its type."""
    oid, write = KINDS[kind]
    if not values:
        return Packed(EMPTY(0, 0, oid))
    nulls = 0
    try:
        written = write(values)
        parts = [LENGTH(len(one)) + one for one in written]
    except (AttributeError, KeyError, TypeError, struct.error):  # one of them is None, or does not fit
        nulls = 1
        parts = [_alone(write, value) for value in values]
    return Packed(FILLED(1, nulls, oid, len(values), 1) + b"".join(parts))


def _alone(write: Callable[[Sequence[Any]], Sequence[bytes]], value: Any) -> bytes:
    if value is None:
        return NULL
    try:
        (written,) = write([value])
    except struct.error as error:
        raise psycopg.DataError(f"{value!r}: {error}") from error
    return LENGTH(len(written)) + written


def _texts(values: Sequence[str]) -> list[bytes]:
    return [value.encode() for value in values]


def _bytes(values: Sequence[bytes]) -> Sequence[bytes]:
    return values


def _uuids(values: Sequence[UUID]) -> list[bytes]:
    return [value.bytes for value in values]


def _moments(values: Sequence[datetime]) -> list[bytes]:
    known: dict[int, bytes] = {}  # most are the moment of the batch, the very same object
    return [
        known.get(id(value)) or known.setdefault(id(value), _bigint((value - EPOCH) // MICROSECOND)) for value in values
    ]


# The elements' type, as PostgreSQL numbers it (pg_type), and how they are written.
KINDS: dict[str, tuple[int, Callable[[Sequence[Any]], Sequence[bytes]]]] = {
    "text": (25, _texts),
    "bytea": (17, _bytes),
    "uuid": (2950, _uuids),
    "bigint": (20, lambda values: [_bigint(value) for value in values]),
    "integer": (23, lambda values: [_integer(value) for value in values]),
    "boolean": (16, lambda values: [_boolean[value] for value in values]),
    "double precision": (701, lambda values: [_double(value) for value in values]),
    "timestamptz": (1184, _moments),
    "date": (1082, lambda values: [_integer(value.toordinal() - FIRST_DAY) for value in values]),
}
