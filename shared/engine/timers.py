"""What becomes due by itself: rows with a `next_at`, claimed by any number of replicas, each carried out once.

A table of timers has the columns `id`, `next_at` (null: nothing is to come) and `claimed_until`, and an index on
`next_at`. The command that a row leads to moves its `next_at` on, in the transaction that does what was due: whatever
happens between claim and commit, it takes effect once. A row is never early: both this process's clock and the
database's must have reached its time.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.engine.works import Result, Work
from shared.errors import Unavailable
from shared.runtime import clock, log, metrics
from shared.runtime.clock import uuid7

PAUSE = 0.5  # seconds between two looks while nothing is due
PORTION = 100
CLAIM = timedelta(seconds=1)  # how long other replicas leave a row to the one that claimed it, alive or not
AGAIN = timedelta(minutes=1)  # after a failure
PATIENCE = 30.0  # seconds that what is due waits for news that is on its way


class Due:
    """What is due in one table of timers. A row that was claimed is left to its claimant for the time of `hold`."""

    def __init__(
        self,
        engine: sa.Engine,
        table: sa.Table,
        now: Callable[[], datetime] = clock.now,
        hold: timedelta = CLAIM,
        columns: Sequence[sa.Column[Any]] = (),
    ) -> None:
        """`columns` are those of the table that whoever claims wants; all, unless some are named."""
        self._engine = engine
        self._table = table
        self._now = now
        self._hold = hold
        self._columns = columns or [*table.c]

    def claim(self, limit: int, *conditions: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """At most so many rows that are due and free and meet these conditions, now claimed."""
        table = self._table
        # As a sub-select it is asked once and the index serves; the database's clock would be asked row by row.
        moment = sa.select(sa.func.least(self._now(), sa.func.clock_timestamp() + clock.offset())).scalar_subquery()
        free = sa.or_(table.c.claimed_until.is_(None), table.c.claimed_until < moment)
        due = sa.select(table.c.id).where(table.c.next_at <= moment, free, *conditions)
        claimed = due.order_by(table.c.next_at).limit(limit).with_for_update(skip_locked=True).cte("due")
        taken = sa.update(table).where(table.c.id == claimed.c.id).values(claimed_until=self._now() + self._hold)
        with self._engine.begin() as connection:
            return connection.execute(taken.returning(*self._columns)).all()

    def leave(self, ids: Sequence[UUID], hold: timedelta) -> None:
        """Let nobody claim these rows for so long."""
        table = self._table
        with self._engine.begin() as connection:
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(claimed_until=self._now() + hold))


class Timers:
    """One table's timers. `run` is a thread's work; `step` carries out one portion and says how many it was.

    `command` makes a command of the id of a row that is due, or None if it leads to nothing. `behind` tells whether
    news is on its way that may make something needless: what is due waits for it, but not for ever.
    """

    def __init__(
        self,
        engine: sa.Engine,
        table: sa.Table,
        submit: Callable[[Sequence[Work]], list[Result]],
        command: Callable[[UUID], Any],
        now: Callable[[], datetime] = clock.now,
        behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self._due = Due(engine, table, now, columns=[table.c.id])
        self._behind = behind
        self._behind_since: float | None = None
        self._submit = submit
        self._command = command
        self._stopping = threading.Event()

    def run(self) -> None:
        """Carry out what becomes due until `stop`."""
        while not self._stopping.is_set():
            try:
                carried_out = 0 if self._waits_for_news() else self.step()
            except (DBAPIError, Unavailable) as error:
                log.get().warning("timers wait", reason=str(getattr(error, "orig", error)).strip())
                carried_out = 0
            if carried_out < PORTION:
                self._stopping.wait(PAUSE)

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    def _waits_for_news(self) -> bool:
        if not self._behind():
            self._behind_since = None
            return False
        self._behind_since = self._behind_since or time.monotonic()
        return time.monotonic() - self._behind_since < PATIENCE

    def step(self) -> int:
        """Carry out what is due now, at most one portion."""
        rows = self._due.claim(PORTION)
        claimed = [(row.id, command) for row in rows if (command := self._command(row.id)) is not None]
        if not claimed:
            return 0
        results = self._submit([Work(uuid7(), command) for _, command in claimed])
        failed = [(id, one) for (id, _), one in zip(claimed, results, strict=True) if one.ending != "done"]
        if failed:
            metrics.timers_failed.inc(len(failed))
            self._due.leave([id for id, _ in failed], AGAIN)
        for id, result in failed:
            log.get().error("a timer failed", timer=str(id), reason=repr(result.error or result.value))
        return len(claimed)
