"""A set of reference data (基础数据): a town's table as everybody keeps it, or as only the directory knows it."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from shared.engine.work import changed

# What everybody gets. Nothing personal is in any of them.
ANNOUNCED = (
    *("areas", "departments", "categories", "kinds", "responsibility", "officers", "staff"),
    *("calendar", "hours", "policies", "weights"),
)
CALENDAR = "calendar"
RESPONSIBILITY = "responsibility"
RESPONSIBLE = "responsible"  # who answers for an area, by name: never announced

Row = dict[str, Any]
Rows = tuple[Row, ...]


class Dataset(Struct, frozen=True):
    """A set by its name; its version is the one that is announced."""

    id: str
    content: Rows
    version: int = 1

    def replace(self, content: Rows) -> "Dataset":
        """The set with this content, one version on; the same set if that is what it has."""
        return self if content == self.content else changed(self, content=content)


def without_names(areas: Iterable[Row]) -> Rows:
    """The areas as everybody may know them: of who answers for one only the title, and the id of an account."""
    return tuple({**area, "responsible": [_unnamed(one) for one in area["responsible"]]} for area in areas)


def names_of(areas: Iterable[Row]) -> Rows:
    """Who answers for each area, with their names."""
    return tuple({"area": area["code"], "responsible": area["responsible"]} for area in areas)


def _unnamed(responsible: Row) -> Row:
    return {name: responsible[name] for name in ("title", "person_id") if name in responsible}
