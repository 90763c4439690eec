"""The town as notice reads it from the directory's snapshots: who is there to be told, and what things are called."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from shared.contracts.supervision import Audience
from shared.engine.work import Loaded, Newest, contains


class Person(Struct, frozen=True):
    """Somebody of the staff: their department and the area they answer for."""

    id: str
    department: str
    area: str


class Town(Struct, frozen=True):
    """The newest snapshots, ready to be asked: the staff by role, and by role and department; names by code."""

    persons: frozenset[str]
    by_role: Mapping[str, tuple[Person, ...]]
    by_post: Mapping[tuple[str, str], tuple[Person, ...]]
    departments: Mapping[str, str]
    categories: Mapping[str, str]

    def people(self, audiences: Iterable[Audience]) -> tuple[str, ...]:
        """Everybody whom one of these names, each once, in the order of their ids."""
        return tuple(sorted({id for audience in audiences for id in self._in(audience)}))

    def _in(self, audience: Audience) -> Iterator[str]:
        """An area's matter is for those who may act on it: whose area is that area, or contains it."""
        if audience.person:
            yield from {audience.person} & self.persons
            return
        if audience.department:
            found = self.by_post.get((audience.role, audience.department), ())
        else:
            found = self.by_role.get(audience.role, ())
        yield from (one.id for one in found if not audience.area or contains(one.area, audience.area))


def _read(staff: Any, departments: Any, categories: Any) -> Town:
    by_role: dict[str, list[Person]] = {}
    by_post: dict[tuple[str, str], list[Person]] = {}
    for row in staff:
        one = Person(row["id"], row.get("department") or "", row.get("area") or "")
        for role in row["roles"]:
            by_role.setdefault(role, []).append(one)
            by_post.setdefault((role, one.department), []).append(one)
    return Town(
        persons=frozenset(row["id"] for row in staff),
        by_role={role: tuple(people) for role, people in by_role.items()},
        by_post={post: tuple(people) for post, people in by_post.items()},
        departments={row.code: row.name for row in msgspec.convert(departments, list[_Named])},
        categories={row.code: row.name for row in msgspec.convert(categories, list[_Named])},
    )


class _Named(Struct, frozen=True):
    code: str
    name: str


SNAPSHOTS = ("staff", "departments", "categories")

_town = Newest(_read, SNAPSHOTS)


def town_of(loaded: Loaded) -> Town:
    """The town as the loaded snapshots describe it; `Unavailable` while one of them has not arrived."""
    return _town.of(loaded)
