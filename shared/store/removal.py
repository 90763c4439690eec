"""Removing what is old, in portions that hold up nobody."""

from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection


class Removal(Protocol):
    """Removes at most `limit` old rows, and says how many."""

    def __call__(self, connection: Connection, /, *, limit: int) -> int: ...


def remove(connection: Connection, key: sa.Column[Any], old: sa.ColumnElement[bool], limit: int) -> int:
    """Remove at most `limit` rows of the key's table that are `old`, and say how many."""
    found = sa.select(key).where(old).limit(limit).with_for_update(skip_locked=True)
    return connection.execute(sa.delete(key.table).where(key.in_(found))).rowcount
