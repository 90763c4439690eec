"""The town as dispatch reads it from the directory's snapshots: who is responsible for what, and within which time."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import msgspec
from msgspec import Struct

from shared.engine.work import Loaded, Newest, Reference

MINUTES = {"m": 1, "h": 60, "d": 1440}  # a day counts 1,440 minutes; the working calendar is supervision's


def minutes_of(limit: str) -> int:
    """How many minutes a limit such as `30m`, `4h` or `7d` is."""
    return int(limit[:-1]) * MINUTES[limit[-1]]


class Department(Struct, frozen=True):
    """A unit that can be summoned; `area` is what it answers for."""

    code: str
    name: str
    kind: str
    area: str


class Category(Struct, frozen=True):
    """A matter (事项); `limit` is its own closing limit, if it has one."""

    code: str
    community_may_lead: bool
    limit: str | None = None


class StepLimits(Struct, frozen=True):
    """The limits of a kind that dispatch needs."""

    sign: str
    close: str


class Kind(Struct, frozen=True):
    """A kind of whistle (吹哨类别)."""

    code: str
    limits: StepLimits


class Responsibility(Struct, frozen=True):
    """A row of the responsibility table (权责清单)."""

    category: str
    area: str
    lead: str
    supports: tuple[str, ...] = ()


class Limits(Struct, frozen=True):
    """Closing and signing limit of an assignment, in minutes from its dispatch."""

    close: int
    sign: int


class Town(Struct, frozen=True):
    """The newest snapshots, ready to be asked; `limits` by category and kind."""

    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    responsibility: Mapping[tuple[str, str], Responsibility]
    limits: Mapping[tuple[str, str], Limits]

    def responsible(self, category: str, area: str) -> Responsibility | None:
        """The table's row for this matter in the smallest area that contains this one, or None."""
        while area:
            found = self.responsibility.get((category, area))
            if found:
                return found
            area = area.rpartition(".")[0]
        return None

    def may_lead(self, department: Department, category: str) -> bool:
        """Whether the unit may be lead (主办): a community only for what is on its list (接诉即办条例 17)."""
        if department.kind != "community":
            return True
        matter = self.categories.get(category)
        return matter is not None and matter.community_may_lead


def limits_of(category: Category, kind: Kind) -> Limits:
    """The category's own closing limit or its kind's; the signing limit shrinks with it (step × close'/close)."""
    usual, sign = minutes_of(kind.limits.close), minutes_of(kind.limits.sign)
    close = minutes_of(category.limit) if category.limit else usual
    return Limits(close, min(sign, ceil(sign * close / usual)))


def read_town(departments: Any, categories: Any, kinds: Any, responsibility: Any) -> Town:
    """The town in these snapshots' contents."""
    matters = msgspec.convert(categories, list[Category])
    whistles = msgspec.convert(kinds, list[Kind])
    return Town(
        departments={row.code: row for row in msgspec.convert(departments, list[Department])},
        categories={row.code: row for row in matters},
        responsibility={(row.category, row.area): row for row in msgspec.convert(responsibility, list[Responsibility])},
        limits={(one.code, other.code): limits_of(one, other) for one in matters for other in whistles},
    )


SNAPSHOTS = ("departments", "categories", "kinds", "responsibility")
TOWN_NEEDS = tuple(Reference(name) for name in SNAPSHOTS)


_town = Newest(read_town, SNAPSHOTS)


def town_of(loaded: Loaded) -> Town:
    """The town as the loaded snapshots describe it; `Unavailable` while one of them has not arrived."""
    return _town.of(loaded)
