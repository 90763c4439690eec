"""A town as plain JSON: the reference data that everybody gets, and the accounts that only the directory keeps."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import shapely

from tools.town.model import Area, Responsible, Town

Rows = list[dict[str, Any]]


def to_snapshots(town: Town) -> dict[str, Rows]:
    """Each set of reference data by its name. Of people it tells only officers' ids, and who answers for an area."""
    names = {person.id: person.name for person in town.people}
    responsible: dict[str, Rows] = {}
    for row in town.responsible:
        responsible.setdefault(row.area, []).append(_responsible(row, names))
    return {
        "areas": [_area(area, responsible[area.code]) for area in town.areas],
        "departments": _rows(town.departments),
        "categories": _rows(town.categories),
        "kinds": _rows(town.kinds),
        "responsibility": _rows(town.responsibility),
        "officers": [
            {"id": person.id, "department": person.department, "certificate": person.certificate}
            for person in town.people
            if "officer" in person.roles
        ],
    }


def to_accounts(town: Town) -> Rows:
    """Everybody with an account, by the columns of `people.csv`: personal data and passwords, never announced."""
    return _rows(town.people)


def _rows(records: Iterable[Any]) -> Rows:
    return [asdict(record, dict_factory=_plain) for record in records]


def _plain(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields}


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


def _responsible(row: Responsible, names: dict[str, str]) -> dict[str, Any]:
    if row.person is None:
        return {"name": row.name, "title": row.title}
    return {"name": names[row.person], "title": row.title, "person_id": row.person}
