"""Distances on the earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.distance import metres_between

longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((118.1, 32.2), (118.1, 32.2), 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 60), (1, 60), 55_597),
        ((116.3975, 39.9087), (121.4737, 31.2304), 1_068_000),
        ((0, 0), (180, 0), 20_015_115),
    ],
    ids=["the same point", "a degree north", "a degree east at 60°", "Beijing to Shanghai", "half around the earth"],
)
def test_known_distances(here: tuple[float, float], there: tuple[float, float], metres: float) -> None:
    """Within a thousandth of what a map says."""
    assert metres_between(*here, *there) == pytest.approx(metres, rel=1e-3, abs=0.01)


@given(longitudes, latitudes, longitudes, latitudes)
def test_a_distance_is_the_same_both_ways_and_never_over_half_the_earth(a: float, b: float, c: float, d: float) -> None:
    """Anywhere on the globe."""
    there = metres_between(a, b, c, d)
    assert 0 <= there <= 20_015_116
    assert there == pytest.approx(metres_between(c, d, a, b), abs=1e-3)
