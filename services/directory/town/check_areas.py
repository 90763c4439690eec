"""The tree of areas: levels, addresses, and children that tile their parent."""

from collections.abc import Iterable

import shapely

from services.directory.town.model import LEVELS, Area, parent_of
from services.directory.town.problems import Problems, Source
from services.directory.town.town_tables import TownTables

TOLERANCE = 0.001  # of the smaller area: what drawing and rounding may leave between neighbours

Located = tuple[Source, Area]


def check_areas(tables: TownTables, problems: Problems) -> None:
    """Note everything that keeps the areas from being a tree that covers the town without overlaps."""
    keys = tables.areas.keys or frozenset()
    children: dict[str | None, list[Located]] = {}
    for source, area in tables.areas:
        children.setdefault(area.parent, []).append((source, area))
        _check_level(source, area, problems)
        if tables.areas.lacks(area.parent):
            problems.add(source, "no-parent", parent=area.parent)
        if tables.responsible.lacks(area.code):
            problems.add(source, "nobody-responsible")
    _check_addresses(tables.areas, problems)
    _check_overlaps(children.get(None, []), problems)
    for source, area in tables.areas:
        below = children.get(area.code, [])
        _check_overlaps(below, problems)
        _check_inside(area, below, problems)
        if area.level != "cell" and len(below) == sum(parent_of(key) == area.code for key in keys):
            _check_covered(source, area, below, problems)


def _check_level(source: Source, area: Area, problems: Problems) -> None:
    depth = area.code.count(".")
    if depth >= len(LEVELS):
        problems.add(source, "too-deep")
    elif area.level != LEVELS[depth]:
        problems.add(source, "wrong-level", expected=LEVELS[depth], found=area.level)


def _check_addresses(areas: Iterable[Located], problems: Problems) -> None:
    owners: dict[str, str] = {}
    for source, area in areas:
        if area.level != "cell":
            if area.addresses or area.households is not None:
                problems.add(source, "addresses-above-cell")
            continue
        if not area.addresses:
            problems.add(source, "cell-without-addresses")
        if area.households is None:
            problems.add(source, "cell-without-households")
        for address in area.addresses:
            owner = owners.setdefault(address, area.code)
            if owner != area.code:
                problems.add(source, "repeated-address", address=address, other=owner)


def _check_overlaps(siblings: list[Located], problems: Problems) -> None:
    if len(siblings) < 2:
        return
    boundaries = [area.boundary for _, area in siblings]
    pairs = shapely.STRtree(boundaries).query(boundaries, predicate="intersects").T.tolist()
    for one, other in pairs:
        shared = boundaries[one].intersection(boundaries[other]).area if other < one else 0.0
        if shared > TOLERANCE * min(boundaries[one].area, boundaries[other].area):
            problems.add(siblings[one][0], "overlapping-siblings", other=siblings[other][1].code)


def _check_inside(parent: Area, children: list[Located], problems: Problems) -> None:
    for source, area in children:
        if area.boundary.difference(parent.boundary).area > TOLERANCE * area.boundary.area:
            problems.add(source, "outside-parent", parent=parent.code)


def _check_covered(source: Source, parent: Area, children: list[Located], problems: Problems) -> None:
    if not children:
        problems.add(source, "no-children")
        return
    covered = shapely.union_all([area.boundary for _, area in children])
    gap = parent.boundary.difference(covered).area / parent.boundary.area
    if gap > TOLERANCE:
        problems.add(source, "not-covered", gap=f"{gap:.1%}")
