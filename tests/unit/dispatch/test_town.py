"""What dispatch reads from the directory's snapshots."""

from copy import deepcopy

import pytest

from services.dispatch.domain.town import TOWN_NEEDS, Department, Limits, Town, minutes_of, town_of
from shared.errors import Unavailable
from tests.support.deciding import InMemory
from tests.unit.dispatch.samples import DISPUTE, LEAK, LOST, STALL, TOWN, UNKNOWN


@pytest.fixture
def town() -> Town:
    """The small town."""
    return town_of(InMemory((), TOWN))


@pytest.mark.parametrize(("text", "minutes"), [("30m", 30), ("4h", 240), ("7d", 10_080)])
def test_a_limit_is_read_as_minutes(text: str, minutes: int) -> None:
    """A day counts 1,440 minutes."""
    assert minutes_of(text) == minutes


def test_the_row_of_the_smallest_area_counts(town: Town) -> None:
    """A row for the community goes before one for the district."""
    row = town.responsible(DISPUTE, "cj.sanhe.honghu.g03.c1")
    assert row is not None
    assert (row.lead, row.supports) == ("sifa", ("gongan", "shequ"))


def test_a_row_for_a_larger_area_counts_where_there_is_none_for_a_smaller(town: Town) -> None:
    """The district's row holds in every community."""
    row = town.responsible(DISPUTE, "cj.sanhe.jinsui")
    assert row is not None
    assert row.supports == ("gongan",)


@pytest.mark.parametrize(("category", "area"), [(UNKNOWN, "cj.sanhe"), (LOST, "cj.sanhe"), (LEAK, "cjx"), (LEAK, "")])
def test_the_table_may_name_nobody(town: Town, category: str, area: str) -> None:
    """An unknown matter, another area's row, an area whose code only begins alike."""
    assert town.responsible(category, area) is None


@pytest.mark.parametrize(
    ("category", "kind", "limits"),
    [
        (LEAK, "joint_enforcement", Limits(10_080, 60)),
        (DISPUTE, "daily", Limits(7_200, 1_440)),
        (STALL, "joint_enforcement", Limits(120, 1)),
        (STALL, "daily", Limits(120, 24)),
        (LOST, "emergency", Limits(30, 1)),
        (LEAK, "daily", Limits(10_080, 1_440)),
    ],
    ids=["its own", "the kind's", "shrunk to a minute", "shrunk", "shrunk and rounded up", "longer: not stretched"],
)
def test_limits_are_the_matters_own_or_the_kinds_and_signing_shrinks_with_them(
    town: Town, category: str, kind: str, limits: Limits
) -> None:
    """step' = min(step, step × close'/close), in whole minutes, rounded up."""
    assert town.limits[category, kind] == limits


def test_limits_of_an_unknown_matter_or_kind_are_unknown(town: Town) -> None:
    """Nobody makes up a limit."""
    assert (UNKNOWN, "daily") not in town.limits
    assert (LEAK, "weekly") not in town.limits


def test_the_community_leads_only_what_is_on_its_list(town: Town) -> None:
    """接诉即办条例 17."""
    community = town.departments["shequ"]
    assert town.may_lead(community, DISPUTE)
    assert not town.may_lead(community, LEAK)
    assert not town.may_lead(community, UNKNOWN)
    assert town.may_lead(town.departments["zhujian"], LEAK)


def test_a_snapshot_is_read_once_for_as_long_as_it_is_the_same() -> None:
    """The hot path parses nothing; a newer version is read anew."""
    content = deepcopy(TOWN)
    first, second = town_of(InMemory((), content)), town_of(InMemory((), content))
    assert first is second
    content["departments"] = [{"code": "new", "name": "新单位", "kind": "government", "area": "cj"}]
    assert town_of(InMemory((), content)).departments == {"new": Department("new", "新单位", "government", "cj")}


def test_a_snapshot_that_has_not_arrived_makes_the_town_unavailable() -> None:
    """Each of the four that a town needs."""
    for reference in TOWN_NEEDS:
        partial = {name: content for name, content in TOWN.items() if name != reference.name}
        with pytest.raises(Unavailable):
            town_of(InMemory((), partial))
