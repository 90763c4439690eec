"""The monthly ranking (月度排名) of departments and of communities: weighted points, with weights as data."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.supervision.domain.measures import BY_NAME, Share, share_of

POINTS = "refusal.points"  # what refusals cost, shown beside
TABLES: Mapping[str, tuple[str, ...]] = {
    "departments": ("sign_in_time", "report_in_on_time", "close_in_time", "rework", "satisfaction"),
    "communities": ("resolved", "satisfaction", "returned", "dispatched_right"),
}


class Ranked(Struct, frozen=True):
    """One line of the table; without rank and total where a measure that counts has nothing to be a share in."""

    code: str
    shares: tuple[Share, ...]
    weighed: Fraction | None
    refusal_points: int
    rank: int | None = None

    @property
    def total(self) -> float | None:
        """The weighted points out of 100, to two places."""
        return None if self.weighed is None else round(float(self.weighed), 2)


def weights_of(rows: Iterable[Mapping[str, Any]], table: str) -> dict[str, Fraction]:
    """Per cent by measure, as the snapshot `weights` has it for this table."""
    said = [row for row in rows if row["table"] == table and row["measure"] in BY_NAME]
    return {row["measure"]: Fraction(str(row["weight"])) for row in said}


def rank(sums: Mapping[str, Mapping[str, int]], weights: Mapping[str, Fraction]) -> tuple[Ranked, ...]:
    """Everybody in order, by code where equal (they share a rank); those without a rank at the end.

    `sums` are those of everybody's figures; what has no weight is shown nowhere.
    """
    lines = [_line(code, sums[code], weights) for code in sorted(sums)]
    found = sorted((one.weighed for one in lines if one.weighed is not None), reverse=True)
    placed = [replace(one, rank=found.index(one.weighed) + 1) if one.weighed is not None else one for one in lines]
    return tuple(sorted(placed, key=lambda one: one.rank or len(placed) + 1))


def _line(code: str, sums: Mapping[str, int], weights: Mapping[str, Fraction]) -> Ranked:
    shares = tuple(share_of(BY_NAME[name], sums) for name in weights)
    points = [weights[one.name] * one.points for one in shares if one.points is not None]
    complete = bool(weights) and len(points) == len(weights)
    weighed = sum(points, Fraction()) / sum(weights.values()) if complete else None
    return Ranked(code, shares, weighed, sums.get(POINTS, 0))
