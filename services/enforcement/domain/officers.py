"""Who may enforce: the directory's snapshot of officers, by department and certificate."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.enforcement.domain.values import Officer, enough_officers
from shared.errors import Invalid

OFFICERS = "officers"


def qualified(snapshot: Iterable[Mapping[str, Any]], department: str) -> dict[str, Officer]:
    """The department's officers who hold a certificate, by id."""
    return {
        row["id"]: Officer(row["id"], row["certificate"])
        for row in snapshot
        if row["department"] == department and row["certificate"]
    }


def choose(
    snapshot: Iterable[Mapping[str, Any]], department: str, ids: Sequence[str], field: str = "officers"
) -> tuple[Officer, ...]:
    """These officers with their certificates; `Invalid` names each who may not enforce for this department."""
    known = qualified(snapshot, department)
    wrong = {
        f"{field}.{at}": ["Is no certified officer of this department."] for at, id in enumerate(ids) if id not in known
    }
    if wrong:
        raise Invalid("officers-not-qualified", fields=wrong)
    return tuple(known[id] for id in dict.fromkeys(ids))


def choose_team(snapshot: Iterable[Mapping[str, Any]], department: str, ids: Sequence[str]) -> tuple[Officer, ...]:
    """At least two of them (行政处罚法 42)."""
    enough_officers("officers", ids)
    return choose(snapshot, department, ids)
