"""Where a case lies, as far as everybody may know."""

from msgspec import Struct


class Place(Struct, frozen=True):
    """A place: the dotted code of its smallest known area, and point and address unless it is the complainant's home.

    `longitude` and `latitude` are WGS-84 degrees.
    """

    area: str
    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
