"""What supervision consists of."""

import threading
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import DBAPIError

from services.supervision import commands
from services.supervision.commands.fire_clock import FireClock
from services.supervision.commands.reckon_clock import ReckonClock
from services.supervision.domain.policies import SNAPSHOTS
from services.supervision.store import tables
from services.supervision.store.queries import provisional_clocks
from shared.engine.timers import Timers
from shared.engine.works import Work
from shared.errors import Unavailable
from shared.runtime import log
from shared.runtime.clock import uuid7
from shared.service import Loop, Room, Wiring

LOOK_EVERY = 5.0  # seconds
PORTION = 200


class Reckoning:
    """Counts provisional due times again when a newer calendar has arrived."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._known = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping.is_set():
            try:
                self.step()
            except (DBAPIError, Unavailable) as error:
                log.get().warning("reckoning waits", reason=str(getattr(error, "orig", error)).strip())
            self._stopping.wait(LOOK_EVERY)

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    def step(self) -> None:
        """One look."""
        reference = tables.plumbing.reference
        with self._room.read() as connection:
            version = connection.scalar(select(reference.c.version).where(reference.c.name == "calendar")) or 0
            clocks = provisional_clocks(connection) if version != self._known else []
        for first in range(0, len(clocks), PORTION):
            portion = clocks[first : first + PORTION]
            self._room.gatherer.submit_all([Work(uuid7(), ReckonClock(case, clock)) for case, clock in portion])
        self._known = version


def _fire(row: Row[Any]) -> FireClock:
    return FireClock(row.case_id, row.id)


def loops(room: Room) -> Mapping[str, Loop]:
    """What supervision does by itself: the clocks whose time has come, and those whose calendar became known."""
    timers = Timers(room.database.reads, tables.clock, room.gatherer.submit_all, _fire)
    return {"clocks": timers, "reckoning": Reckoning(room)}


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
