"""How far two points on the earth lie apart."""

from math import asin, cos, hypot, radians, sin, sqrt

EARTH_RADIUS_METRES = 6_371_008.8


def metres_between(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """The great-circle distance in metres between two WGS-84 points given in degrees (haversine)."""
    half_height = sin(radians(other_latitude - latitude) / 2)
    half_width = sin(radians(other_longitude - longitude) / 2)
    chord = hypot(half_height, half_width * sqrt(cos(radians(latitude)) * cos(radians(other_latitude))))
    return 2 * EARTH_RADIUS_METRES * asin(min(1.0, chord))
