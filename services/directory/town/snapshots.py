"""A town as plain JSON: the reference data that everybody gets, and the accounts that only the directory keeps."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import shapely

from services.directory.domain import calendar
from services.directory.town.model import EVERYBODY, Area, Responsible, Town, UnitHours

Rows = list[dict[str, Any]]


def to_snapshots(town: Town) -> dict[str, Rows]:
    """Each set of reference data by its name. Of people it tells only ids and roles, and who answers for an area."""
    names = {person.id: person.name for person in town.people}
    areas = {department.code: department.area for department in town.departments}
    responsible: dict[str, Rows] = {}
    for row in town.responsible:
        responsible.setdefault(row.area, []).append(_responsible(row, names))
    return {
        "areas": [_area(area, responsible[area.code]) for area in town.areas],
        "departments": rows_of(town.departments),
        "categories": rows_of(town.categories),
        "kinds": rows_of(town.kinds),
        "responsibility": rows_of(town.responsibility),
        "officers": [
            {"id": person.id, "department": person.department, "certificate": person.certificate}
            for person in town.people
            if "officer" in person.roles
        ],
        "staff": [
            {
                "id": person.id,
                "roles": list(person.roles),
                "department": person.department or "",
                # An officer without an area of their own works where the department does.
                "area": person.area or areas[person.department or ""],
            }
            for person in town.people
        ],
        "calendar": [*calendar.rows_of(town.calendar)],
        "hours": [_hours(one) for one in town.hours],
        "policies": rows_of(town.policies),
        "weights": rows_of(town.weights),
    }


def to_accounts(town: Town) -> Rows:
    """Everybody with an account, by the columns of `people.csv`: personal data and passwords, never announced."""
    return rows_of(town.people)


def rows_of(records: Iterable[Any]) -> Rows:
    """Records as plain JSON."""
    return [asdict(record, dict_factory=_plain) for record in records]


def _plain(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in fields}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _area(area: Area, responsible: Rows) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "parent": area.parent,
        "boundary": json.loads(shapely.to_geojson(area.boundary)),
        "addresses": list(area.addresses),
        "households": area.households,
        "responsible": responsible,
    }


def _hours(one: UnitHours) -> dict[str, Any]:
    unit = "" if one.unit == EVERYBODY else one.unit
    return {"unit": unit, "periods": [list(period) for period in one.periods]}


def _responsible(row: Responsible, names: dict[str, str]) -> dict[str, Any]:
    if row.person is None:
        return {"name": row.name, "title": row.title}
    return {"name": names[row.person], "title": row.title, "person_id": row.person}
