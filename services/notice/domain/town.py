"""The town as notice reads it from the directory's snapshots: who is there to be told, and what things are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.contracts.supervision import Audience
from shared.engine.work import Loaded, Newest, contains


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff: their roles, department and the area they answer for."""

    id: str
    roles: frozenset[str]
    department: str
    area: str


@dataclass(frozen=True, slots=True)
class Town:
    """The newest snapshots, ready to be asked; names by code."""

    staff: tuple[Person, ...]
    departments: Mapping[str, str]
    categories: Mapping[str, str]

    def people(self, audiences: Iterable[Audience]) -> tuple[str, ...]:
        """Everybody whom one of these names, each once, in the order of their ids."""
        named = tuple(audiences)
        return tuple(one.id for one in self.staff if any(_is_in(one, audience) for audience in named))


def _is_in(person: Person, audience: Audience) -> bool:
    """An area's matter is for those who may act on it: whose area is that area, or contains it."""
    if audience.person:
        return person.id == audience.person
    return (
        audience.role in person.roles
        and audience.department in ("", person.department)
        and (not audience.area or contains(person.area, audience.area))
    )


def _read(staff: Any, departments: Any, categories: Any) -> Town:
    people = (
        Person(row["id"], frozenset(row["roles"]), row.get("department") or "", row.get("area") or "") for row in staff
    )
    return Town(
        staff=tuple(sorted(people, key=lambda one: one.id)),
        departments={row.code: row.name for row in msgspec.convert(departments, list[_Named])},
        categories={row.code: row.name for row in msgspec.convert(categories, list[_Named])},
    )


@dataclass(frozen=True, slots=True)
class _Named:
    code: str
    name: str


SNAPSHOTS = ("staff", "departments", "categories")

_town = Newest(_read, SNAPSHOTS)


def town_of(loaded: Loaded) -> Town:
    """The town as the loaded snapshots describe it; `Unavailable` while one of them has not arrived."""
    return _town.of(loaded)
