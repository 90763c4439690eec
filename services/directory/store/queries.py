"""What the directory answers: people from their table, the town from memory."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from services.directory.domain.calendar import year_of
from services.directory.domain.dataset import CALENDAR, RESPONSIBILITY, RESPONSIBLE
from services.directory.domain.transitions import AccountState
from services.directory.store.tables import dataset, person
from shared.access.actor import Actor, Role
from shared.access.filters import visible
from shared.errors import NotFound
from shared.places import Places
from shared.store.reads import one

Row = Mapping[str, Any]

KEYS = {RESPONSIBILITY: ("category", "area")}  # of sets whose rows have no code
SHOWN = [column for column in person.c if column is not person.c.password_hash]


def password_hash(connection: Connection, login: str) -> str | None:
    """The hash of somebody's password; None for nobody."""
    return connection.execute(select(person.c.password_hash).where(person.c.id == login)).scalar_one_or_none()


def logins(connection: Connection) -> set[str]:
    """Everybody who has an account."""
    return set(connection.execute(select(person.c.id)).scalars())


def show_person(connection: Connection, login: str) -> Row:
    """Somebody by their login."""
    return dict(one(connection, select(*SHOWN).where(person.c.id == login), "person"))


def list_people(
    connection: Connection,
    actor: Actor,
    limit: int,
    after: str = "",
    department: str | None = None,
    state: str | None = None,
) -> dict[str, Any]:
    """A page of the people whom the actor may see, by their logins."""
    wanted = select(*SHOWN).where(visible("directory.list_people", actor, area=person.c.area), person.c.id > after)
    if department:
        wanted = wanted.where(person.c.department == department)
    if state:
        wanted = wanted.where(person.c.state == state)
    found = connection.execute(wanted.order_by(person.c.id).limit(limit + 1)).mappings()
    return _page([dict(row) for row in found], "id", limit)


def list_colleagues(connection: Connection, actor: Actor, limit: int, after: str = "") -> dict[str, Any]:
    """A page of the officers of the actor's own department who are not suspended, by their logins."""
    told = (person.c.id, person.c.name, (person.c.certificate != "").label("certified"))
    wanted = select(*told).where(
        visible("directory.list_colleagues", actor, department=person.c.department),
        person.c.roles.contains([str(Role.OFFICER)]),
        person.c.state == str(AccountState.ACTIVE),
        person.c.id > after,
    )
    found = connection.execute(wanted.order_by(person.c.id).limit(limit + 1)).mappings()
    return _page([dict(row) for row in found], "id", limit)


def boundaries(places: Places, below: str = "", level: str = "") -> bytes:
    """The areas inside this one (all without one) and of this level (of each without one), as GeoJSON.

    `NotFound` for an area that does not exist.
    """
    if below and below not in places.by_code:
        raise NotFound(kind="area")
    inside = (
        area
        for code, area in sorted(places.by_code.items())
        if (not below or code.startswith(f"{below}.")) and level in ("", area["level"])
    )
    return _collection(_feature(area, ("code", "name", "level", "parent")) for area in inside)


def communities(places: Places) -> bytes:
    """The communities as everybody may know them, by name and outline alone, as GeoJSON."""
    found = (area for _, area in sorted(places.by_code.items()) if area["level"] == "community")
    return _collection(_feature(area, ("name",)) for area in found)


def _feature(area: Row, told: Iterable[str]) -> Row:
    properties = {name: area[name] for name in told}
    return {"type": "Feature", "properties": properties, "geometry": area["boundary"]}


def _collection(features: Iterable[Row]) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": [*features]})


class Town:
    """The town's tables in memory, each read again when its version has changed."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._rows: dict[str, Sequence[Row]] = {}
        self._places = Places(())

    def rows(self, connection: Connection, name: str, limit: int, after: str = "", **wanted: Any) -> dict[str, Any]:
        """A page of this set's rows that have the `wanted` values, by their keys. None wants every value."""
        self._renew(connection)
        key = KEYS.get(name, ("code",))
        matching = (
            (key_of, row)
            for row in self._rows.get(name, ())
            if all(value is None or row[field] == value for field, value in wanted.items())
            and (key_of := " ".join(row[part] for part in key)) > after
        )
        found = sorted(matching, key=itemgetter(0))[: limit + 1]
        return {"items": [row for _, row in found[:limit]], "next": found[limit - 1][0] if len(found) > limit else None}

    def known(self, connection: Connection, names: Iterable[str]) -> tuple[dict[str, Sequence[Row]], dict[str, int]]:
        """These sets' rows, and the versions of those that are there."""
        self._renew(connection)
        return (
            {name: self._rows.get(name, ()) for name in names},
            {name: self._versions[name] for name in names if name in self._versions},
        )

    def calendar(self, connection: Connection, year: int | None) -> dict[str, Any]:
        """The calendar's version, the years that it knows, and the gazetted days of one of them or of all."""
        sets, versions = self.known(connection, (CALENDAR,))
        rows = sets[CALENDAR]
        return {
            "version": versions.get(CALENDAR, 0),
            "years": [row["year"] for row in rows if "year" in row],
            "days": [row for row in rows if "date" in row and year in (None, year_of(dict(row)))],
        }

    def places(self, connection: Connection) -> Places:
        """The areas, each with the names of who answers for it, ready to be asked."""
        self._renew(connection)
        return self._places

    def _renew(self, connection: Connection) -> None:
        present = {row.id: row.version for row in connection.execute(select(dataset.c.id, dataset.c.version))}
        stale = [name for name, version in present.items() if version != self._versions.get(name)]
        if not stale:
            return
        for name, content in connection.execute(select(dataset.c.id, dataset.c.content).where(dataset.c.id.in_(stale))):
            self._rows[name] = content
        if {"areas", RESPONSIBLE} & {*stale}:
            self._rows["areas"] = _named(self._rows["areas"], self._rows[RESPONSIBLE])
            self._places = Places(self._rows["areas"])
        self._versions = present


def _named(areas: Iterable[Row], responsible: Iterable[Row]) -> list[Row]:
    names = {row["area"]: row["responsible"] for row in responsible}
    return [{**area, "responsible": names.get(area["code"], [])} for area in areas]


def _page(found: Sequence[Row], key: str, limit: int) -> dict[str, Any]:
    """The first `limit` rows, and where the next page begins if there are more."""
    items = found[:limit]
    return {"items": items, "next": items[-1][key] if len(found) > limit else None}
