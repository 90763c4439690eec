"""Lists page by page: in a stable order by several columns, each page after the last row of the one before."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, Select, cast, literal, tuple_

from shared.errors import Invalid

Key = ColumnElement[Any]

LONGEST_CURSOR = 500
PARSERS: dict[type[Any], Callable[[Any], Any]] = {UUID: UUID, bool: bool, datetime: datetime.fromisoformat}


def page(connection: Connection, rows: Select[Any], keys: Sequence[Key], limit: int, after: str) -> dict[str, Any]:
    """Up to `limit` rows, the greatest `keys` first, and `next`: what to give as `after` for the page that follows.

    The keys are times, ids or booleans, together unique and never null. `next` is None on the last page; `Invalid` for
    a cursor that was not given out here.
    """
    if after:
        rows = rows.where(tuple_(*keys) < tuple_(*_values(keys, after)))
    named: list[Any] = [key.label(f"key_{index}") for index, key in enumerate(keys)]
    ordered = rows.add_columns(*named).order_by(*(key.desc() for key in keys)).limit(limit + 1)
    found = [dict(row) for row in connection.execute(ordered).mappings()]
    cursors = [[row.pop(f"key_{index}") for index in range(len(keys))] for row in found]
    return {"items": found[:limit], "next": _cursor(cursors[limit - 1]) if len(found) > limit else None}


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _values(keys: Sequence[Key], cursor: str) -> list[Any]:
    try:
        said = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        pairs = zip(keys, said, strict=True)
        return [cast(literal(PARSERS[key.type.python_type](value), key.type), key.type) for key, value in pairs]
    except (ValueError, TypeError, AttributeError, KeyError):
        raise Invalid(fields={"after": ["Not a valid cursor."]}) from None
