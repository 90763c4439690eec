"""Delivery confirmed end to end: announces again what nobody confirmed, and alerts when that does not help.

Also flags messages that wait too long for an earlier one.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.messaging.outbox import announce_again, going_out, look_at_unsent
from shared.runtime import clock, log, metrics
from shared.store.plumbing import Plumbing

__all__ = ["Unconfirmed", "Watch", "announce_again", "flag_waiting"]

LOOK_EVERY = 3.0  # seconds
LATE_AFTER = timedelta(seconds=15)
LONGEST_PAUSE = 600.0  # seconds between two announcements of the same subject
ALERT_AFTER = 5  # announcements in vain
PREDECESSOR_LATE = timedelta(seconds=60)


class Unconfirmed(NamedTuple):
    """A subject whose announcement nobody has confirmed, and since when it is out."""

    subject: str
    since: datetime


def is_late(since: sa.ColumnElement[datetime], now: datetime) -> sa.ColumnElement[bool]:
    """The condition that what is out since then should have been confirmed by now.

    So should what is out since a time to come: a clock was wrong, and nobody may wait until it is right.
    """
    return sa.or_(since <= now - LATE_AFTER, since >= now + LATE_AFTER)


FindUnconfirmed = Callable[[Connection, datetime], Iterable[Unconfirmed]]


@dataclass(slots=True)
class Tries:
    """How often a subject was announced again, and when it is next due (monotonic seconds)."""

    count: int = 0
    due: float = 0.0


class Watch:
    """One service's watch.

    `unconfirmed` is the service's own query; `ready` says whether announcing would help now, and `doubt` is called
    before something is announced again: a queue or a binding may be missing.
    """

    def __init__(
        self,
        engine: Engine,
        plumbing: Plumbing,
        unconfirmed: FindUnconfirmed | None = None,
        *,
        ready: Callable[[], bool] = lambda: True,
        doubt: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = clock.now,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tries: dict[str, Tries] = {}
        self._engine = engine
        self._plumbing = plumbing
        self._unconfirmed = unconfirmed
        self._ready = ready
        self._doubt = doubt
        self._now = now
        self._timer = timer
        self._stopping = threading.Event()

    @property
    def alerting(self) -> list[str]:
        """The subjects that were announced again and again in vain."""
        return [subject for subject, tries in self.tries.items() if tries.count >= ALERT_AFTER]

    def run(self) -> None:
        """Watch until `stop`; a database that is away is tried again."""
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self.step()
            except DBAPIError as error:
                log.get().warning("watch failed", reason=str(error.orig).strip())

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    def step(self) -> None:
        """One round."""
        with self._engine.begin() as connection:
            flag_waiting(connection, self._plumbing)
            self._count(connection)
            late = self._late(connection)
            due = self._due(late - going_out(connection, self._plumbing, late)) if self._ready() else []
            if due:
                self._doubt()
                announce_again(connection, self._plumbing, due)
                metrics.again.inc(len(due))

    def _late(self, connection: Connection) -> set[str]:
        if self._unconfirmed is None:
            return set()
        now = self._now()
        late = {subject for subject, since in self._unconfirmed(connection, now) if abs(now - since) >= LATE_AFTER}
        metrics.unconfirmed.set(len(late))
        self.tries = {subject: self.tries.get(subject, Tries()) for subject in late}
        return late

    def _due(self, late: set[str]) -> list[str]:
        moment = self._timer()
        due = sorted(subject for subject in late if self.tries[subject].due <= moment)
        for subject in due:
            tries = self.tries[subject]
            tries.count += 1
            tries.due = moment + min(LONGEST_PAUSE, LATE_AFTER.total_seconds() * 2**tries.count)
            if tries.count >= ALERT_AFTER:
                log.get().error("announced in vain", subject=subject, tries=tries.count)
            else:
                log.get().warning("announced again", subject=subject, tries=tries.count)
        metrics.in_vain.set(len(self.alerting))
        return due

    def _count(self, connection: Connection) -> None:
        unsent = look_at_unsent(connection, self._plumbing)
        age = self._now() - unsent.oldest if unsent.oldest else timedelta()
        metrics.unsent.set(unsent.events)
        metrics.outbox_oldest.set(max(0.0, age.total_seconds()))
        metrics.outbox_unroutable.set(unsent.unroutable)
        parked = self._plumbing.parked
        query = sa.select(parked.c.queue, sa.func.count()).where(parked.c.state == "parked").group_by(parked.c.queue)
        metrics.parked.clear()
        for queue, count in connection.execute(query):
            metrics.parked.labels(queue).set(count)


def flag_waiting(connection: Connection, plumbing: Plumbing) -> Sequence[sa.Row[Any]]:
    """Park what has waited too long for an earlier message, so that somebody looks; it goes on when that comes."""
    parked = plumbing.parked
    flagged = connection.execute(
        sa.update(parked)
        .where(parked.c.state == "waiting", parked.c.since < sa.func.now() - PREDECESSOR_LATE)
        .values(state="parked", reason="predecessor-missing")
        .returning(parked.c.publisher, parked.c.subject, parked.c.sequence)
    ).all()
    for row in flagged:
        log.get().error("predecessor missing", publisher=row.publisher, subject=row.subject, sequence=row.sequence)
    return flagged
