"""Where a point or an address lies in the tree of areas (区–街道–社区–网格–单元), from the snapshot `areas`."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

Row = Mapping[str, Any]


class Places:
    """One snapshot's areas, ready to be asked. Coordinates are WGS-84 degrees."""

    def __init__(self, areas: Sequence[Row]) -> None:
        self.by_code: dict[str, Row] = {area["code"]: area for area in areas}
        self._areas = list(areas)
        self._depths = [area["code"].count(".") for area in areas]
        self._boundaries = [shapely.geometry.shape(area["boundary"]) for area in areas]
        self._tree = shapely.STRtree(self._boundaries)
        aliases = ((plain(alias), area["code"]) for area in areas for alias in area["addresses"])
        self._addresses = sorted(aliases, key=lambda pair: -len(pair[0]))

    def at(self, longitude: float, latitude: float) -> str | None:
        """The code of the smallest area that contains or touches this point; None outside every area."""
        found = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        if not len(found):
            return None
        # On a border several of one depth touch: the first code, so that the answer is always the same.
        return str(min((-self._depths[index], self._areas[index]["code"]) for index in found)[1])

    def named(self, address: str) -> str | None:
        """The code of the area whose longest alias occurs in this address; None if none does."""
        spoken = plain(address)
        return next((code for alias, code in self._addresses if alias in spoken), None)

    def middle(self, code: str) -> tuple[float, float]:
        """A point inside the area: longitude, latitude."""
        point = self._boundaries[self._areas.index(self.by_code[code])].representative_point()
        return point.x, point.y

    def chain(self, code: str) -> list[Row]:
        """The area and every area around it, the largest first."""
        parts = code.split(".")
        codes = (".".join(parts[: depth + 1]) for depth in range(len(parts)))
        return [self.by_code[one] for one in codes if one in self.by_code]


def plain(address: str) -> str:
    """An address without blanks and other ways of writing the same: 3号楼, 3幢 and ３ 栋 are 3栋."""
    written = "".join(unicodedata.normalize("NFKC", address).split())
    return written.replace("号楼", "栋").replace("幢", "栋")
