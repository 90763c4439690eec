"""What queries have in common: the one row or a refusal, rows as aggregates, snapshots of reference data."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, RowMapping, Select, select

from shared.errors import NotFound
from shared.store.plumbing import Plumbing

T = TypeVar("T")


def one(connection: Connection, rows: Select[Any], kind: str) -> RowMapping:
    """The only row; `NotFound` of this kind without one, also for what is there but hidden from the reader."""
    row = connection.execute(rows).mappings().one_or_none()
    if row is None:
        raise NotFound(kind=kind)
    return row


def aggregate(row: Mapping[Any, Any], kind: type[T]) -> T:
    """The aggregate whose fields lie in the columns of their names; other columns are passed over."""
    return msgspec.convert({str(name): value for name, value in row.items()}, kind)


def snapshot(connection: Connection, plumbing: Plumbing, name: str) -> list[dict[str, Any]]:
    """The rows of the newest local snapshot of this reference data; none before the first has arrived."""
    reference = plumbing.reference
    return connection.scalar(select(reference.c.content).where(reference.c.name == name)) or []
