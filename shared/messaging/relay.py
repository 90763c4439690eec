"""The way out: publishes what was just committed, from memory, and hears the broker confirm it.

What is there together goes out in few messages and one write (decision 16).

What it cannot get confirmed (broker away, channel closed, refused) it forgets: the rows lie unsent in the outbox, and
the sweep brings them again. Nothing here waits for the broker but the relay's own thread.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

import amqp

from shared.messaging.declare import declare
from shared.messaging.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE, encode, together
from shared.messaging.line import Line
from shared.messaging.topology import BATCH, EXCHANGE, is_followed
from shared.messaging.wire import Wire
from shared.runtime import faults, log, metrics
from shared.runtime.seldom import Seldom
from shared.store.changes import Announced

MOST_IN_FLIGHT = 5_000  # events held in memory
MOST_UNCONFIRMED = 1_000
AT_ONCE = 200  # events in one write
TOGETHER, TOGETHER_BYTES = 25, 64_000  # events and bytes in one message at most: everybody pays by the message
PERSISTENT = 2
TELL_EVERY = 5.0  # seconds between two lines of the log about what the broker refuses


class Relay:
    """One service's relay. `publish` and the marks may be called by any thread; `run` is the relay's own.

    `behind` is True while rows lie in the outbox that it does not know: then it leaves new ones to the sweep as well,
    so that they go out in their order.
    """

    def __init__(
        self,
        url: str,
        publisher: str,
        *,
        most_in_flight: int = MOST_IN_FLIGHT,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.line = Line(url, f"{publisher} relay", self._session)
        self.behind = True
        self._doubted = False  # whether all queues and bindings are there
        self._publisher = publisher
        self._mandatory = is_followed(publisher)
        self._most = most_in_flight
        self._wire: Wire | None = None
        self._lock = threading.Lock()
        self._line_up: deque[Announced] = deque()
        self._unconfirmed: dict[int, tuple[list[UUID], float]] = {}  # by delivery tag, in their order
        self._in_flight: set[UUID] = set()
        self._returned: set[UUID] = set()
        self._sent: list[UUID] = []
        self._unroutable: list[UUID] = []
        self._refused = Seldom(TELL_EVERY, timer)
        self._tag = 0

    def publish(self, rows: Sequence[Announced]) -> None:
        """Announce what was just committed, or leave it to the sweep."""
        if self.behind or not self._take(rows):
            self.behind = True

    def resend(self, rows: Sequence[Announced]) -> None:
        """Announce what the sweep found."""
        if self._take(rows):
            metrics.swept.inc(len(rows))

    def doubt(self) -> None:
        """Something did not arrive: make whatever queue or binding is missing before anything else goes out."""
        self._doubted = True
        self.line.bell.ring()

    def caught_up(self) -> None:
        """The sweep found nothing more."""
        self.behind = False

    def sent(self) -> list[UUID]:
        """The events confirmed since the last call; whoever calls marks them."""
        with self._lock:
            marks, self._sent = self._sent, []
        return marks

    def unroutable(self) -> list[UUID]:
        """The events that no queue took, since the last call."""
        with self._lock:
            marks, self._unroutable = self._unroutable, []
        return marks

    def in_flight(self) -> Collection[UUID]:
        """The events in memory that wait for their confirmation; the sweep passes over them."""
        with self._lock:
            return list(self._in_flight)

    @property
    def room(self) -> int:
        """How many more events it would take now; 0 while the broker is away or takes nothing."""
        return 0 if self._wire is None or self._wire.blocked else self._most - len(self._in_flight)

    @property
    def blocked(self) -> bool:
        """Whether the broker takes nothing for now, because its memory or disk is full."""
        return self._wire is not None and self._wire.blocked

    def run(self) -> None:
        """Relay until `stop`."""
        self.line.run()

    def stop(self, patience: float = 5.0) -> None:
        """Publish what is in memory, wait at most `patience` seconds for its confirmations, and close."""
        self.line.stop(patience)

    def _take(self, rows: Sequence[Announced]) -> bool:
        with self._lock:
            if len(rows) > self.room:
                return False
            self._line_up.extend(rows)
            self._in_flight.update(row.id for row in rows)
        self.line.bell.ring()
        return True

    def _session(self, wire: Wire) -> None:
        declare(wire.channel)
        wire.channel.confirm_select()
        wire.channel.events["basic_ack"].add(self._on_ack)
        wire.channel.events["basic_nack"].add(self._on_nack)
        wire.channel.events["basic_return"].add(self._on_return)
        self._tag = 0
        self._wire = wire
        self.line.stands()
        metrics.broker_up.set(1)
        try:
            while not self.line.stopping or (self._in_flight and not wire.blocked):
                wire.wait(self.line.bell, 0.0 if self._sendable(wire) else 1.0)
                if self._doubted:
                    self._doubted = False
                    declare(wire.channel)
                self._send(wire, self._sendable(wire))
                self._tell_refused()
        finally:
            metrics.broker_up.set(0)
            self._forget()

    def _sendable(self, wire: Wire) -> int:
        unconfirmed = len(self._in_flight) - len(self._line_up)
        return 0 if wire.blocked else min(AT_ONCE, len(self._line_up), MOST_UNCONFIRMED - unconfirmed)

    def _send(self, wire: Wire, count: int) -> None:
        if not count:
            return
        rows = [self._line_up.popleft() for _ in range(count)]
        with wire.together():
            for start, bodies in _portions([encode(row, self._publisher) for row in rows]):
                self._send_one(wire, rows[start : start + len(bodies)], bodies)
        faults.reach(faults.BEFORE_CONFIRM)

    def _send_one(self, wire: Wire, rows: Sequence[Announced], bodies: Sequence[bytes]) -> None:
        alone = len(bodies) == 1
        message = amqp.Message(
            bodies[0] if alone else together(bodies),
            content_type=CONTENT_TYPE if alone else BATCH_CONTENT_TYPE,
            delivery_mode=PERSISTENT,
            message_id=str(rows[0].id),
        )
        self._tag += 1
        self._unconfirmed[self._tag] = [row.id for row in rows], time.monotonic()
        key = f"{self._publisher}.{rows[0].type if alone else BATCH}"
        wire.publish(message, EXCHANGE, key, mandatory=self._mandatory)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        returned, routed = self._settled(tag, multiple)
        faults.reach(faults.BEFORE_MARK)
        with self._lock:
            self._sent += routed
            self._unroutable += returned
        metrics.announced.labels("confirmed").inc(len(routed))
        metrics.announced.labels("unroutable").inc(len(returned))

    def _on_nack(self, tag: int, multiple: bool) -> None:
        returned, routed = self._settled(tag, multiple)
        self.behind = True
        refused = len(returned) + len(routed)
        metrics.announced.labels("refused").inc(refused)
        self._refused.count(refused)

    def _tell_refused(self) -> None:
        """A broker that refuses goes on refusing, and the sweep goes on trying: not a line for each time."""
        if events := self._refused.due():
            log.get().warning("announcements refused by the broker", events=events)

    def _on_return(self, error: Exception, _exchange: str, routing_key: str, message: Any) -> None:
        """The broker returns what no queue takes just before it confirms it."""
        self._returned.add(UUID(message.properties["message_id"]))
        log.get().error("no queue takes an announcement", routing_key=routing_key, reason=str(error))

    def _settled(self, tag: int, multiple: bool) -> tuple[list[UUID], list[UUID]]:
        """The events that the broker answered for now: those that it had returned before, and the others."""
        tags = list(takewhile(lambda one: one <= tag, self._unconfirmed)) if multiple else [tag]
        settled = [self._unconfirmed.pop(one) for one in tags]
        if settled:
            metrics.announce_seconds.observe(time.monotonic() - settled[0][1])
        returned: list[UUID] = []
        routed: list[UUID] = []
        for ids, _ in settled:
            (returned if ids[0] in self._returned else routed).extend(ids)
            self._returned.discard(ids[0])
        with self._lock:
            self._in_flight.difference_update(returned, routed)
        return returned, routed

    def _forget(self) -> None:
        """The wire broke, or the relay stops: what is not confirmed is left to the sweep."""
        with self._lock:
            self._wire = None
            self.behind = True
            self._line_up.clear()
            self._unconfirmed.clear()
            self._returned.clear()
            self._in_flight.clear()


def _portions(bodies: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Parts that may each share a message, with the number of the first one."""
    start = size = 0
    for number, body in enumerate(bodies):
        if number > start and (number - start == TOGETHER or size + len(body) > TOGETHER_BYTES):
            yield start, bodies[start:number]
            start, size = number, 0
        size += len(body)
    yield start, bodies[start:]
