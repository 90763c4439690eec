"""The town as dispatch reads it from the directory's snapshots: who is responsible for what, and within which time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Generic, TypeVar

import msgspec

from shared.engine.work import Loaded, Reference

T = TypeVar("T")

MINUTES = {"m": 1, "h": 60, "d": 1440}  # a day counts 1,440 minutes; the working calendar is supervision's


def minutes_of(limit: str) -> int:
    """How many minutes a limit such as `30m`, `4h` or `7d` is."""
    return int(limit[:-1]) * MINUTES[limit[-1]]


@dataclass(frozen=True, slots=True)
class Department:
    """A unit that can be summoned; `area` is what it answers for."""

    code: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class Category:
    """A matter (事项); `limit` is its own closing limit, if it has one."""

    code: str
    community_may_lead: bool
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class StepLimits:
    """The limits of a kind that dispatch needs."""

    sign: str
    close: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of whistle (吹哨类别)."""

    code: str
    limits: StepLimits


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A row of the responsibility table (权责清单)."""

    category: str
    area: str
    lead: str
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Closing and signing limit of an assignment, in minutes from its dispatch."""

    close: int
    sign: int


@dataclass(frozen=True, slots=True)
class Town:
    """The newest snapshots, ready to be asked."""

    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    kinds: Mapping[str, Kind]
    responsibility: Mapping[tuple[str, str], Responsibility]

    def responsible(self, category: str, area: str) -> Responsibility | None:
        """The table's row for this matter in the smallest area that contains this one, or None."""
        while area:
            found = self.responsibility.get((category, area))
            if found:
                return found
            area = area.rpartition(".")[0]
        return None

    def limits(self, category: str, kind: str) -> Limits | None:
        """The category's own closing limit or its kind's, the signing limit shrunk to it; None if one is unknown."""
        matter, whistle = self.categories.get(category), self.kinds.get(kind)
        if matter is None or whistle is None:
            return None
        usual, sign = minutes_of(whistle.limits.close), minutes_of(whistle.limits.sign)
        close = minutes_of(matter.limit) if matter.limit else usual
        return Limits(close, min(sign, ceil(sign * close / usual)))

    def may_lead(self, department: Department, category: str) -> bool:
        """Whether the unit may be lead (主办): a community only for what is on its list (接诉即办条例 17)."""
        if department.kind != "community":
            return True
        matter = self.categories.get(category)
        return matter is not None and matter.community_may_lead


def lies_in(inner: str, outer: str) -> bool:
    """Whether the area `inner` is, or lies in, the area `outer` (dotted codes)."""
    return inner == outer or inner.startswith(outer + ".")


class _Parsed(Generic[T]):
    """Reads a snapshot once: the engine hands out the same content until a newer version comes."""

    def __init__(self, row: type[T], key: Callable[[T], Any]) -> None:
        self._rows = list[row]  # type: ignore[valid-type]  # a type made at run time, for msgspec
        self._key = key
        self._content: Any = None
        self._parsed: Mapping[Any, T] = {}

    def __call__(self, content: Any) -> Mapping[Any, T]:
        if content is not self._content:
            rows: list[T] = msgspec.convert(content, self._rows)
            self._parsed = {self._key(row): row for row in rows}
            self._content = content
        return self._parsed


_departments = _Parsed(Department, lambda row: row.code)
_categories = _Parsed(Category, lambda row: row.code)
_kinds = _Parsed(Kind, lambda row: row.code)
_responsibility = _Parsed(Responsibility, lambda row: (row.category, row.area))

SNAPSHOTS = ("departments", "categories", "kinds", "responsibility")


def town_needs() -> Iterator[Reference]:
    """What a command that asks the town yields among its needs."""
    yield from (Reference(name) for name in SNAPSHOTS)


def town_of(loaded: Loaded) -> Town:
    """The town as the loaded snapshots describe it; `Unavailable` while one of them has not arrived."""
    return Town(
        departments=_departments(loaded.reference("departments")),
        categories=_categories(loaded.reference("categories")),
        kinds=_kinds(loaded.reference("kinds")),
        responsibility=_responsibility(loaded.reference("responsibility")),
    )
