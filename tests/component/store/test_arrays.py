"""Arrays, as PostgreSQL reads them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from shared.store.arrays import packed

ID = UUID("01a20343-69fd-7710-89c5-8c8d11004a3f")
CASES: list[tuple[str, list[Any]]] = [
    (
        "text",
        ["", "NULL", "null", None, 'say "hi"', "back\\slash", "{a,b}", "a,b", " space ", "漏水\n\t", "'; --", "\\x41"],
    ),
    ("uuid", [ID, None]),
    ("bigint", [1, -(2**62), None]),
    ("integer", [0, 7]),
    ("boolean", [True, False, None]),
    ("double precision", [0.1, -1e300, 118.1026, float("inf")]),
    ("timestamptz", [datetime(2026, 3, 2, 4, 0, 0, 123456, tzinfo=UTC), None]),
    ("date", [date(2026, 3, 2)]),
    ("bytea", [b"", b"\x00\xff\\", b'{"a":1}', None]),
    ("timestamptz", [datetime(2026, 3, 2, tzinfo=UTC)] * 2),
    *((kind, []) for kind in ("text", "uuid", "bytea", "date", "integer")),
]


@pytest.mark.parametrize(("kind", "values"), CASES)
def test_what_is_written_is_read_back(postgres: Any, kind: str, values: list[Any]) -> None:
    """Any of them, with NULLs among them or without."""
    known = [value for value in values if value is not None]
    with psycopg.connect(postgres.url.replace("+psycopg", "")) as connection:
        row = connection.execute(f"SELECT %s::{kind}[]", [packed(kind, values)]).fetchone()
        without = connection.execute(f"SELECT %s::{kind}[]", [packed(kind, known)]).fetchone()
    assert (row, without) == ((values,), (known,))


@pytest.mark.parametrize(("kind", "value"), [("text", "one\0two"), ("integer", 2**31), ("bigint", -(2**63) - 1)])
def test_what_postgresql_does_not_store_is_refused_as_by_its_driver(postgres: Any, kind: str, value: Any) -> None:
    """It must not become something else."""
    with psycopg.connect(postgres.url.replace("+psycopg", "")) as connection, pytest.raises(psycopg.DataError):
        connection.execute(f"SELECT %s::{kind}[]", [packed(kind, [value])])
