"""The town as intake knows it: snapshots of the directory, by which it refuses at once what nobody could handle."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from shared.contracts.places import Place
from shared.engine.work import Loaded, Newest, Reference, contains
from shared.errors import Invalid
from shared.places import Places

SNAPSHOTS = ("areas", "categories", "kinds", "responsibility", "departments")
GRID_LEVELS = ("grid", "cell")  # 网格, 楼栋单元格: where somebody answers for a place
REFERENCES = tuple(Reference(name) for name in SNAPSHOTS)


class Matter(Struct, frozen=True):
    """What a case is about: category (事项) and kind of whistle (吹哨类别), with what the kind asks for."""

    category: str
    kind: str
    emergency: bool
    photo_required: bool


class Town:
    """One version of every snapshot."""

    def __init__(self, snapshots: Mapping[str, Any]) -> None:
        self._places = Places(snapshots["areas"])
        self._categories = {row["code"]: row for row in snapshots["categories"]}
        self._kinds = {row["code"]: row for row in snapshots["kinds"]}
        departments = {row["code"] for row in snapshots["departments"]}
        self._responsible: dict[str, list[str]] = {}
        for row in snapshots["responsibility"]:
            if row["lead"] in departments:
                self._responsible.setdefault(row["category"], []).append(row["area"])

    def locate(self, place: Place) -> str:
        """The code of the area that a place lies in: by its point, else by the area it names, else by its address."""
        if place.longitude is not None and place.latitude is not None:
            found = self._in_grid(self._places.at(place.longitude, place.latitude))
            if place.area and not contains(place.area, found):
                raise Invalid(fields={"place.area": ["The point lies in another area."]})
            return found
        if place.area:
            if place.area not in self._places.by_code:
                raise Invalid(fields={"place.area": ["Unknown area."]})
            return place.area
        return self._in_grid(self._places.named(place.address))

    def matter(self, category: str, kind: str, area: str) -> Matter:
        """What a case of this category in this area is; `kind` "" stands for the category's own.

        Refused for an unknown category or kind, and where the responsibility table (权责清单) names no department.
        """
        row = self._categories.get(category)
        if row is None:
            raise Invalid("unknown-category", fields={"category": ["Unknown category."]}, category=category)
        if not any(contains(responsible, area) for responsible in self._responsible.get(category, ())):
            said = {"category": ["No department is responsible for this category here."]}
            raise Invalid("no-responsible-department", fields=said, category=category, area=area)
        kind = kind or row["kind"]
        found = self._kinds.get(kind)
        if found is None:
            raise Invalid(fields={"kind": ["Unknown kind."]})
        return Matter(category, kind, found["emergency"], found["photo_required"])

    def _in_grid(self, code: str | None) -> str:
        if code is None or self._places.by_code[code]["level"] not in GRID_LEVELS:
            raise Invalid("outside-every-grid", fields={"place": ["Outside every grid."]})
        return code


_town = Newest(lambda *contents: Town(dict(zip(SNAPSHOTS, contents, strict=True))), SNAPSHOTS)


def town_of(loaded: Loaded) -> Town:
    """The town by the newest snapshots; `Unavailable` as long as one has not arrived."""
    return _town.of(loaded)
