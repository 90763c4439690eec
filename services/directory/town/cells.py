"""The kinds of values a town's rows are made of; an error is the name of its text in `texts.yaml`."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import shapely
from marshmallow import ValidationError, fields, validate

CODE = validate.Regexp(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\Z", error="not-a-code")
LIMIT = validate.Regexp(r"[1-9][0-9]{0,4}[mhd]\Z", error="not-a-limit")
LATER = validate.Regexp(r"(0|[1-9][0-9]{0,4})[mhd]\Z", error="not-a-limit")  # a step of the ladder may come at once
POLICY_LIMIT = validate.Regexp(r"(0|[1-9][0-9]{0,4})[smhd]\Z", error="not-a-limit")
PHONE = validate.Regexp(r"[0-9+][0-9 -]{4,19}\Z", error="not-a-phone")
PASSWORD = validate.Length(min=8, error="short-password")
PERIOD = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
PRINTABLE = validate.Regexp(r"[^\x00-\x1f\x7f]*\Z", error="not-text")

Messages = dict[str, str | list[Any] | dict[Any, Any]]
MISSING: Messages = {"required": "missing-value", "null": "missing-value"}
NO_TEXT: Messages = {**MISSING, "invalid": "not-text", "invalid_utf8": "not-text"}
NO_LIST: Messages = {**MISSING, "invalid": "not-a-list"}
NO_DATE: Messages = {**MISSING, "invalid": "not-a-date"}
NO_NUMBER: Messages = {**MISSING, "invalid": "not-a-number", "too_large": "not-a-number"}
NO_COUNT: Messages = {**MISSING, "invalid": "not-a-count", "too_large": "not-a-count"}


class Text(fields.String):
    """Text without blanks around it; empty is missing."""

    default_error_messages = NO_TEXT

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip()
        PRINTABLE(text)
        if not text:
            raise ValidationError("missing-value")
        return text


class Words(fields.Field[tuple[str, ...]]):
    """Words with spaces between them (a cell of a CSV file), none twice."""

    default_error_messages = MISSING

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        words = tuple(PRINTABLE(value).split())
        if len(set(words)) < len(words):
            raise ValidationError("repeated-word")
        return words


class Texts(fields.Field[tuple[str, ...]]):
    """A list of texts (GeoJSON), none twice."""

    default_error_messages = NO_LIST

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        texts = tuple(str(Text().deserialize(text)) for text in value)
        if len(set(texts)) < len(texts):
            raise ValidationError("repeated-word")
        return texts


class Flag(fields.Field[bool]):
    """`true` or `false`."""

    default_error_messages = MISSING

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value in ("true", "false") or isinstance(value, bool):
            return value in ("true", True)
        raise ValidationError("not-a-flag")


class Count(fields.Integer):
    """A whole number, 0 or more."""

    default_error_messages = NO_COUNT

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=0, error="not-a-count"), **kwargs)


class Number(fields.Integer):
    """A whole number from `least` to `most` in a cell of a CSV file."""

    default_error_messages = NO_NUMBER

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most, error="not-a-number"), **kwargs)


class Day(fields.Field[date]):
    """A date, such as 2026-10-01."""

    default_error_messages = NO_DATE

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError as error:
            raise self.make_error("invalid") from error


class Periods(fields.Field[tuple[tuple[str, str], ...]]):
    """The hours of a day in order, such as `09:00-12:00 13:30-17:30`; a day ends at 24:00."""

    default_error_messages = MISSING

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[tuple[str, str], ...]:
        found = [PERIOD.fullmatch(period) for period in value.split()]
        periods = tuple((match[1], match[2]) for match in found if match)
        if not periods or len(periods) < len(found):
            raise ValidationError("not-hours")
        ends = [end for _, end in periods]
        if any(begin >= end for begin, end in periods) or any(
            begin < before for before, (begin, _) in zip(ends, periods[1:], strict=False)
        ):
            raise ValidationError("hours-out-of-order")
        return periods


class PerCents(fields.Field[tuple[int, ...]]):
    """Whole per cents from 1 to 99, each above the one before (YAML)."""

    default_error_messages = MISSING

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or not value or not all(type(one) is int and 0 < one < 100 for one in value):
            raise ValidationError("not-per-cents")
        if sorted(set(value)) != value:
            raise ValidationError("not-per-cents")
        return tuple(value)


class Boundary(fields.Field[shapely.Polygon | shapely.MultiPolygon]):
    """A GeoJSON polygon in WGS-84 degrees. Errors are pairs of a text's name and the reason."""

    default_error_messages = MISSING

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> shapely.Polygon | shapely.MultiPolygon:
        try:
            shape = shapely.from_geojson(json.dumps(value))
        except shapely.errors.ShapelyError as error:
            raise ValidationError([("broken-polygon", str(error))]) from error
        if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
            raise ValidationError([("broken-polygon", shape.geom_type)])
        if not shape.is_valid:
            raise ValidationError([("invalid-polygon", shapely.is_valid_reason(shape))])
        west, south, east, north = shape.bounds
        if west < -180 or south < -90 or east > 180 or north > 90:
            raise ValidationError("outside-the-earth")
        return shape
