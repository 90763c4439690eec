"""What supervision consists of."""

import threading
from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from services.supervision import commands
from services.supervision.commands.fire_clocks import FireClocks
from services.supervision.commands.reckon_clocks import ReckonClocks
from services.supervision.domain.clockwork import CLOCKS
from services.supervision.domain.policies import SNAPSHOTS
from services.supervision.domain.ruling import Ruling
from services.supervision.store import queries, tables
from shared.engine.timers import Timers
from shared.engine.works import Work
from shared.errors import Unavailable
from shared.runtime import log, metrics
from shared.runtime.clock import now, uuid7
from shared.service import Loop, Room, Wiring
from shared.store.reads import snapshot

LOOK_EVERY = 5.0  # seconds
PORTION = 200
BACKLOG = 50  # messages


class Watching:
    """Looks now and then: counts provisional due times again when a newer calendar has arrived, and tells metrics."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._calendar = self._departments = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping.is_set():
            try:
                self.reckon()
                self.measure()
            except (DBAPIError, Unavailable) as error:
                log.get().warning("watching waits", reason=str(getattr(error, "orig", error)).strip())
            self._stopping.wait(LOOK_EVERY)

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    def reckon(self) -> None:
        """Due times past the last gazetted year, if another year may be known now."""
        with self._room.read() as connection:
            version = snapshot_version(connection, "calendar")
            cases = queries.provisional_cases(connection) if version != self._calendar else []
        for first in range(0, len(cases), PORTION):
            portion = cases[first : first + PORTION]
            self._room.gatherer.submit_all([Work(uuid7(), ReckonClocks(case)) for case in portion])
        self._calendar = version

    def measure(self) -> None:
        """Cases by state, timers that are late, and a series at 0 for every breach that may come."""
        with self._room.read() as connection:
            states, late = queries.states(connection), queries.timers_due(connection, now())
            version = snapshot_version(connection, "departments")
            departments = snapshot(connection, tables.plumbing, "departments") if version != self._departments else []
        metrics.cases.clear()
        for state, cases in states.items():
            metrics.cases.labels(state).set(cases)
        metrics.timers_due.set(late)
        for metric in (metrics.breaches, metrics.breaches_withdrawn):
            metrics.expect(metric, [row["code"] for row in departments], CLOCKS)
        self._departments = version


def snapshot_version(connection: Connection, name: str) -> int:
    """Which version of a snapshot has arrived; 0 for none."""
    reference = tables.plumbing.reference
    return connection.scalar(select(reference.c.version).where(reference.c.name == name)) or 0


def _behind(room: Room) -> bool:
    """Whether an end may be on its way to a clock that is due: the broker is away, or more has come than is heard."""
    subscription = room.subscription
    return subscription is not None and (subscription.line.away_since is not None or subscription.waiting() >= BACKLOG)


def loops(room: Room) -> Mapping[str, Loop]:
    """What supervision does by itself: the clocks whose time has come, and what it looks after."""
    metrics.expect(metrics.clock_stops, CLOCKS, ("in_time", "late"))
    submit = room.gatherer.submit_all
    timers = Timers(room.database.reads, tables.case_clocks, submit, FireClocks, behind=lambda: _behind(room))
    return {"clocks": timers, "watching": Watching(room)}


WIRING = Wiring(
    name="supervision",
    metadata=tables.metadata,
    plumbing=tables.plumbing,
    aggregates=tables.AGGREGATES,
    commands=commands,
    references=(*SNAPSHOTS, "weights", "departments"),
    tally=tables.tally,
    listing=(Ruling, tables.ruling),
    loops=loops,
    linger=0.2,  # nobody waits for what it hears
    channel=queries.CHANNEL,
)
