"""What the services' schemas have in common: fields described in both languages, bodies, queries, pages and places."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from shared.store.pages import LONGEST_CURSOR

CODE = validate.Length(1, 128)
NOT_BLANK = validate.Regexp(r"\s*\S")


def described(zh: str, en: str, **more: Any) -> dict[str, Any]:
    """What the API's description says about a field."""
    return {"metadata": {"description": f"{en} {zh}", **more}}


class Strict(Schema):
    """A body or a query: what is not known is refused."""

    class Meta:
        unknown = RAISE


class PageQuery(Strict):
    """Which part of a list."""

    limit = fields.Integer(load_default=100, validate=validate.Range(1, 200), **described("条数", "How many"))
    after = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_CURSOR),
        **described("上一页的 next", "`next` of the page before"),
    )


class PageView(Schema):
    """A page of a list; who inherits it says of what, in `items`."""

    next = fields.String(allow_none=True, **described("下一页", "`after` of the next page; null on the last one"))


class PlaceView(Schema):
    """Where it is."""

    area = fields.String(**described("区域代码", "Area's code"))
    longitude = fields.Float(allow_none=True, **described("经度", "Longitude, WGS-84"))
    latitude = fields.Float(allow_none=True, **described("纬度", "Latitude, WGS-84"))
    address = fields.String(**described("地址", "Address"))
