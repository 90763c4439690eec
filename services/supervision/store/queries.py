"""What supervision answers."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.supervision.store.tables import case_file, clock
from shared.access.actor import Actor
from shared.access.filters import visible
from shared.store.reads import one


def show_case(connection: Connection, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """A case's file and its clocks, the earliest due first."""
    seen = visible("supervision.show_case", actor, area=case_file.c.area, taking_part=case_file.c.departments)
    found = dict(one(connection, select(case_file).where(case_file.c.id == case_id, seen), "case"))
    rows = connection.execute(select(clock).where(clock.c.case_id == case_id).order_by(clock.c.due_at, clock.c.id))
    return {**found, "clocks": [dict(row) for row in rows.mappings()]}


def provisional_clocks(connection: Connection) -> list[tuple[UUID, UUID]]:
    """The open clocks whose due time lies past the last gazetted year: each with its case."""
    wanted = clock.c.provisional & clock.c.state.in_(("running", "paused"))
    return [(row.case_id, row.id) for row in connection.execute(select(clock.c.case_id, clock.c.id).where(wanted))]
