"""The tree of areas (区–街道–社区–网格–单元) as a map: which area a point or an address lies in."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import shapely

from shared.errors import Invalid

GRID_LEVELS = frozenset({"grid", "cell"})  # 网格, 楼栋单元格


class AreaMap:
    """One version of the snapshot `areas`; the geometry is built when the first point is asked for."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = {row["code"]: row for row in rows}

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def at_point(self, longitude: float, latitude: float) -> str:
        """The code of the smallest area around a point (WGS-84 degrees); refused outside every grid."""
        codes, tree = self._tree
        found = tree.query(shapely.Point(longitude, latitude), predicate="covered_by")
        return self._smallest(codes[index] for index in found)

    def at_address(self, address: str) -> str:
        """The code of the area whose written addresses fit best; refused where none does."""
        written = plain(address)
        fitting = [(len(alias), code) for alias, code in self._aliases if alias in written]
        longest = max((length for length, _ in fitting), default=0)
        return self._smallest(code for length, code in fitting if length == longest)

    def _smallest(self, codes: Iterable[str]) -> str:
        inside = [code for code in codes if self._rows[code]["level"] in GRID_LEVELS]
        if not inside:
            raise Invalid("outside-every-grid", fields={"place": ["Outside every grid."]})
        return min(inside, key=lambda code: (-code.count("."), code))

    @cached_property
    def _tree(self) -> tuple[list[str], shapely.STRtree]:
        shapes = shapely.from_geojson([json.dumps(row["boundary"]) for row in self._rows.values()])
        return list(self._rows), shapely.STRtree(shapes)

    @cached_property
    def _aliases(self) -> list[tuple[str, str]]:
        return [(plain(alias), code) for code, row in self._rows.items() for alias in row["addresses"]]


def plain(address: str) -> str:
    """An address without blanks and other ways of writing the same: 3号楼, 3幢 and ３栋 are 3栋."""
    written = "".join(unicodedata.normalize("NFKC", address).split())
    return written.replace("号楼", "栋").replace("幢", "栋")
