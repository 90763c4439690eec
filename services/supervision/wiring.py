"""What supervision consists of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from services.supervision import commands
from services.supervision.commands.fire_clock import FireClock
from services.supervision.domain.policies import SNAPSHOTS
from services.supervision.store import tables
from shared.engine.timers import Timers
from shared.service import Loop, Room, Wiring


def _fire(row: Row[Any]) -> FireClock:
    return FireClock(row.case_id, row.id)


def loops(room: Room) -> Mapping[str, Loop]:
    """What supervision does by itself: the clocks whose time has come."""
    return {"clocks": Timers(room.database.reads, tables.clock, room.gatherer.submit_all, _fire)}


WIRING = Wiring(
    name="supervision",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=(*SNAPSHOTS, "weights"),
    tally=tables.tally,
    loops=loops,
)
