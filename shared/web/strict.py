"""Takes JSON at its word: a number is not a text that looks like one, and true is not "yes"."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields


def strict(schema: Schema) -> Schema:
    """The same schema, refusing what marshmallow would turn into the right type."""
    for field in schema.fields.values():
        _make_strict(field)
    return schema


def _make_strict(field: Any) -> None:
    if isinstance(field, fields.Nested):
        strict(field.schema)
    elif isinstance(field, fields.List):
        _make_strict(field.inner)
    elif isinstance(field, fields.Integer):
        _only(field, lambda value: type(value) is int or (type(value) is float and value.is_integer()))
    elif isinstance(field, fields.Number):
        _only(field, lambda value: type(value) in (int, float))
    elif isinstance(field, fields.Boolean):
        _only(field, lambda value: type(value) is bool)


def _only(field: Any, fits: Callable[[Any], bool]) -> None:
    def check(value: Any) -> Any:
        if value is None or fits(value):
            return value
        raise field.make_error("invalid")

    field.pre_load = [check, *field.pre_load]
