"""Lists page by page: in a stable order by several columns, each page after the last row of the one before."""

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, Select, Text, any_, cast, literal, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from shared.errors import Invalid

Key = ColumnElement[Any]
Condition = ColumnElement[bool]

LONGEST_CURSOR = 500
GREATEST = 2**31 - 1
EVERYTHING: Condition = true()


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > GREATEST:
        raise ValueError(value)
    return value


PARSERS: dict[type[Any], Callable[[Any], Any]] = {
    UUID: UUID,
    bool: bool,
    int: _whole,
    datetime: datetime.fromisoformat,
}


def page(
    connection: Connection,
    rows: Select[Any],
    keys: Sequence[Key],
    limit: int,
    after: str,
    *,
    rising: bool = False,
    alike: Sequence[tuple[Key, str]] = (),
    stretches: Iterable[Condition] = (EVERYTHING,),
) -> dict[str, Any]:
    """Up to `limit` rows, the greatest `keys` first, and `next`: what to give as `after` for the page that follows.

    The keys are times, ids, booleans or whole numbers, together unique and never null; `rising`, the least come first.
    `next` is None on the last page; `Invalid` for a cursor that was not given out here. `alike` pairs columns with the
    value that all listed rows have in them; they are found by an index that begins with these columns: by one on time
    alone, which PostgreSQL would take where a value is common, all that is newer and has another would be walked past.
    `stretches` divide the rows, in the list's own order, into what is asked for one after the other until the page is
    full: no row lies in two of them, and what lies in none is not listed.
    """
    named: list[Any] = [key.label(f"key_{index}") for index, key in enumerate(keys)]
    ordered = rows.add_columns(*named).where(*(_has(column, value) for column, value in alike))
    found: list[dict[str, Any]] = []
    for stretch in stretches:
        asked = first(
            ordered.where(stretch), keys, limit - len(found), after, [column for column, _ in alike], rising=rising
        )
        found += [dict(row) for row in connection.execute(asked).mappings()]
        if len(found) > limit:
            break
    cursors = [[row.pop(f"key_{index}") for index in range(len(keys))] for row in found]
    return {"items": found[:limit], "next": _cursor(cursors[limit - 1]) if len(found) > limit else None}


def first(
    rows: Select[Any], keys: Sequence[Key], limit: int, after: str, alike: Sequence[Key] = (), *, rising: bool = False
) -> Select[Any]:
    """The rows that a page looks at: those after the cursor, as many as it shows and one more, in its order."""
    order = (key if rising else key.desc() for key in (*alike, *keys))
    return rows.where(beyond(keys, after, rising=rising)).order_by(*order).limit(limit + 1)


def _has(column: Key, value: str) -> Condition:
    # Of a column that equals something PostgreSQL knows that it need not order by it; of "any of one" it does not.
    return column == any_(literal([value], ARRAY(Text)))


def beyond(keys: Sequence[Key], after: str, *, rising: bool = False) -> Condition:
    """The condition on what follows this cursor; everything does without one."""
    if not after:
        return EVERYTHING
    here, there = tuple_(*keys), tuple_(*_values(keys, after))
    return here > there if rising else here < there


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _values(keys: Sequence[Key], cursor: str) -> list[Any]:
    try:
        said = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        pairs = zip(keys, said, strict=True)
        return [cast(literal(PARSERS[key.type.python_type](value), key.type), key.type) for key, value in pairs]
    except (ValueError, TypeError, AttributeError, KeyError):
        raise Invalid(fields={"after": ["Not a valid cursor."]}) from None
