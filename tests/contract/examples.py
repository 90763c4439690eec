"""An event of any type with a value in every field, the same each time."""

from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
VALUES: dict[Any, Any] = {bool: True, int: 2, float: 1.5, datetime: NOON, date: NOON.date()}


def example(kind: Any, name: str = "") -> Any:
    """A value of this kind for the field of this name."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        return kind(**{field: example(hints[field], field) for field in kind.__struct_fields__})
    if kind is UUID:
        return uuid5(NAMESPACE_URL, name)
    if kind is str:
        return name
    if get_origin(kind) is UnionType:
        return example(next(one for one in get_args(kind) if one is not NoneType), name)
    if get_origin(kind) is tuple:
        return (example(get_args(kind)[0], name),) * 2
    if get_origin(kind) is list:
        return [{"code": name}]
    return VALUES[kind]
