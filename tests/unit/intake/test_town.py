"""Where a place lies, and what the town refuses at once."""

from pathlib import Path
from typing import Any

import pytest

from services.directory.town import read_town, to_snapshots
from services.intake.domain.town import SNAPSHOTS, Town, town_of
from shared.contracts.places import Place
from shared.errors import Invalid, Unavailable
from tests.support.deciding import InMemory
from tests.unit.intake.samples import CELL, GRID, OTHER_GRID, TOWN, area, square


@pytest.fixture(scope="module")
def town() -> Town:
    """The small town."""
    return Town(TOWN)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("", 0.5, 0.5), CELL),
        (Place("", 1.5, 1.5), GRID),
        (Place("", 1.0, 0.5), CELL),
        (Place("cj.sanhe", 0.5, 0.5), CELL),
        (Place("cj.sanhe.honghu"), "cj.sanhe.honghu"),
        (Place("", address="春江区 西湖春天 1号楼 二单元"), CELL),
        (Place("", address="西湖春天１幢"), CELL),
        (Place("", address="西湖春天小区门口"), GRID),
        (Place("", address="柳溪家园"), OTHER_GRID),
        (Place("", 1.5, 1.5, "西湖春天1栋"), GRID),
    ],
    ids=[
        "in a cell",
        "in a grid",
        "on a border",
        "area and point",
        "area",
        "alias",
        "full width",
        "estate",
        "other",
        "both",
    ],
)
def test_a_place_lies_in_its_smallest_area(town: Town, place: Place, expected: str) -> None:
    """By its point, else by the area it names, else by its address."""
    assert town.locate(place) == expected


@pytest.mark.parametrize(
    "place",
    [
        Place("", 9.5, 9.5),
        Place("", 3.5, 3.5),
        Place("", 50, 50),
        Place("", address="天安门"),
        Place("", address="弘湖社区"),
        Place(""),
    ],
    ids=["only in the district", "only in a community", "far away", "unknown", "only a community", "nothing"],
)
def test_a_place_outside_every_grid_is_refused(town: Town, place: Place) -> None:
    """It would have nobody to answer for it."""
    with pytest.raises(Invalid) as refused:
        town.locate(place)
    assert refused.value.slug == "outside-every-grid"
    assert refused.value.fields == {"place": ["Outside every grid."]}


def test_an_unknown_area_is_refused(town: Town) -> None:
    """Naming the field."""
    with pytest.raises(Invalid) as refused:
        town.locate(Place("cj.nowhere"))
    assert refused.value.fields == {"place.area": ["Unknown area."]}


def test_a_point_outside_the_area_it_is_said_to_be_in_is_refused(town: Town) -> None:
    """One of the two is wrong, and nobody but the clerk knows which."""
    with pytest.raises(Invalid) as refused:
        town.locate(Place("cj.sanhe.liuxi", 0.5, 0.5))
    assert refused.value.fields == {"place.area": ["The point lies in another area."]}


def test_two_areas_of_one_level_are_told_apart_in_a_fixed_order() -> None:
    """Overlapping cells must not make the answer depend on chance."""
    overlapping = [area(f"cj.a.b.g1.{name}", "cell", square(0, 0, 1, 1)) for name in ("c2", "c1")]
    assert Town({**TOWN, "areas": overlapping}).locate(Place("", 0.5, 0.5)) == "cj.a.b.g1.c1"


def test_a_matter_has_its_categorys_kind_unless_another_is_named(town: Town) -> None:
    """A joint enforcement matter may turn out to be an emergency."""
    matter = town.matter("E06-01", "", CELL)
    assert (matter.kind, matter.emergency, matter.photo_required) == ("joint_enforcement", False, True)
    assert town.matter("E06-01", "emergency", CELL).emergency


@pytest.mark.parametrize(
    ("category", "kind", "where", "slug", "field"),
    [
        ("E99-99", "", CELL, "unknown-category", "category"),
        ("E09-99", "", CELL, "no-responsible-department", "category"),
        ("E09-98", "", CELL, "no-responsible-department", "category"),
        ("E06-09", "", OTHER_GRID, "no-responsible-department", "category"),
        ("E06-01", "no_kind", CELL, "invalid", "kind"),
    ],
    ids=["unknown category", "no row", "lead dissolved", "row of another community", "unknown kind"],
)
def test_what_nobody_could_handle_is_refused(
    town: Town, category: str, kind: str, where: str, slug: str, field: str
) -> None:
    """At once, and not when dispatch finds nobody."""
    with pytest.raises(Invalid) as refused:
        town.matter(category, kind, where)
    assert (refused.value.slug, list(refused.value.fields)) == (slug, [field])


def test_the_town_is_built_again_only_when_a_snapshot_is_renewed() -> None:
    """Its maps cost more than a command."""
    first = town_of(InMemory((), TOWN))
    assert town_of(InMemory((), dict(TOWN))) is first
    renewed: dict[str, Any] = {**TOWN, "kinds": list(TOWN["kinds"])}
    assert town_of(InMemory((), renewed)) is not first


@pytest.mark.parametrize("missing", SNAPSHOTS)
def test_nothing_is_registered_before_every_snapshot_has_arrived(missing: str) -> None:
    """The service says that it is not available yet, and which one is missing."""
    known = {name: rows for name, rows in TOWN.items() if name != missing}
    with pytest.raises(Unavailable) as refused:
        town_of(InMemory((), known))
    assert refused.value.facts == {"name": missing}


def test_the_example_town_is_understood() -> None:
    """The snapshots as the directory publishes them: the leaking restaurant of the story finds its cell."""
    root = Path(__file__).parents[3] / "deploy" / "example-town"
    town = Town(to_snapshots(read_town(root)))
    cell = town.locate(Place("", address="西湖春天1栋"))
    assert cell.startswith("cj.sanhe.honghu.g03.")
    assert town.matter("E06-01", "", cell).kind == "joint_enforcement"
    assert town.matter("E05-04", "", cell).emergency
