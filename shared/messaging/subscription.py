"""The door for messages: one connection and channel by which a service receives from every publisher it follows.

The engine takes what has arrived in batches and settles each after its commit; one acknowledgement then covers all
messages of which every event was taken so far. It is exact because works are taken in the order of delivery and one
batch is in hand at a time.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import amqp

from shared.engine.works import Work
from shared.messaging.declare import declare
from shared.messaging.envelope import apart
from shared.messaging.follow import follow, followers_of
from shared.messaging.line import Line
from shared.messaging.parking import Post
from shared.messaging.reading import Reader
from shared.messaging.topology import FOLLOWS, dead_letter_queue, queue_name
from shared.messaging.wire import Wire
from shared.runtime import log

__all__ = ["Subscription", "follow", "followers_of"]

PREFETCH = 300  # messages of each queue that may be with us unsettled, each of up to `relay.TOGETHER` events
LOOK_EVERY = 10.0  # seconds between two looks whether every queue is there and consumed
SUSPICIOUS = 2  # deliveries after which a message runs alone


class Delivery(NamedTuple):
    """An event as it came: `session` tells the channel's life in which its message's tag means something.

    `last` marks the last event of its message.
    """

    body: bytes
    queue: str
    tag: int
    session: int
    alone: bool
    flaw: str
    last: bool


class Suspect(NamedTuple):
    """A message of several events that was delivered too often: one of them may be what brings its reader down."""

    queue: str
    tag: int
    bodies: list[bytes]


class Subscription:
    """One service's subscription; the engine's `Source`. `run` is a thread's work, the others may be called by any.

    `wake` is called when something arrived.
    """

    def __init__(
        self, url: str, service: str, reader: Reader, wake: Callable[[], None] = lambda: None, prefetch: int = PREFETCH
    ) -> None:
        if not FOLLOWS[service]:
            raise ValueError(f"{service} follows nobody")
        self.line = Line(url, f"{service} subscription", self._session)
        self._url = url
        self._service = service
        self._queues = (*(queue_name(service, one) for one in FOLLOWS[service]), dead_letter_queue(service))
        self._reader = reader
        self._wake = wake
        self._prefetch = prefetch
        self._lock = threading.Lock()
        self._arrived: deque[Delivery] = deque()
        self._last_taken: Delivery | None = None
        self._taken_whole: Delivery | None = None  # the last event of the last message that is in hand wholly
        self._settled: Delivery | None = None
        self._begun = False  # whether a message was taken in part: the rest of its events are here
        self._suspects: list[Suspect] = []
        self._current = 0
        self._draining = False
        self._deleted: set[str] = set()

    def waiting(self) -> int:
        """How many events have arrived and not been taken."""
        return len(self._arrived) if self._gives_out else 0

    def take(self, limit: int) -> list[Work]:
        """The next ones in the order of their delivery; a suspicious one comes when nothing else is in hand, alone."""
        with self._lock:
            taken = self._next(limit)
        return [self._reader.receive(one.body, one.queue, alone=one.alone, flaw=one.flaw) for one in taken]

    def settle(self, works: Sequence[Work]) -> None:  # noqa: ARG002 - everything in hand is settled at once
        """Everything taken has taken effect, or has its place: acknowledge it."""
        with self._lock:
            self._settled, self._taken_whole = self._taken_whole or self._settled, None
            self._last_taken = None
        self.line.bell.ring()

    def run(self) -> None:
        """Receive until `stop`."""
        self.line.run()

    def drain(self) -> None:
        """Give out no other message, and let the broker keep what has not been taken; what is in hand may be finished.

        Of a message that was taken in part the rest is given out: it would come again whole.
        """
        self._draining = True
        self.line.bell.ring()

    def stop(self, patience: float = 5.0) -> None:
        """Acknowledge what is settled and close; whatever is not settled goes back to its queue."""
        self.drain()
        self.line.stop(patience)

    @property
    def _gives_out(self) -> bool:
        return self._begun or not self._draining

    def _next(self, limit: int) -> list[Delivery]:
        taken: list[Delivery] = []
        while self._arrived and len(taken) < limit and self._gives_out:
            if self._last_taken is not None and (self._arrived[0].alone or self._last_taken.alone):
                break
            taken.append(self._arrived.popleft())
            self._last_taken = taken[-1]
            self._begun = not taken[-1].last
            if taken[-1].last:
                self._taken_whole = taken[-1]
        return taken

    def _session(self, wire: Wire) -> None:
        with self._lock:
            self._current += 1
            self._arrived.clear()  # the broker delivers them again
            self._begun = False
        self._deleted.clear()
        self._suspects.clear()
        declare(wire.channel)
        wire.channel.basic_qos(0, self._prefetch, False)
        for queue in self._queues:
            self._consume(wire, queue)
        self.line.stands()
        receiving, looked = True, time.monotonic()
        while not self.line.stopping:
            if self._arrived:
                self._wake()
            wire.wait(self.line.bell, 1.0)
            self._acknowledge(wire)
            if self._draining and receiving:
                receiving = False
                for tag in list(wire.channel.callbacks):
                    wire.channel.basic_cancel(tag)
            self._restore(wire)
            if receiving and time.monotonic() - looked >= LOOK_EVERY:
                looked = time.monotonic()
                self._look(wire)
        self._acknowledge(wire)

    def _consume(self, wire: Wire, queue: str) -> None:
        dead = queue == dead_letter_queue(self._service)

        def receive(message: amqp.Message) -> None:
            headers = message.headers or {}
            came_by, flaw = _death(headers, queue) if dead else (queue, "")
            times = headers.get("x-delivery-count", 0)
            alone = isinstance(times, int) and times >= SUSPICIOUS
            bodies = apart(message.body.encode() if isinstance(message.body, str) else bytes(message.body))
            tag, last = message.delivery_tag, len(bodies) - 1
            if alone and last and not dead:
                self._suspects.append(Suspect(queue, tag, bodies))
                return
            self._arrived.extend(
                Delivery(body, came_by, tag, self._current, alone, flaw, number == last)
                for number, body in enumerate(bodies)
            )

        wire.channel.basic_consume(queue, consumer_tag=queue, callback=receive, on_cancel=self._deleted.add)

    def _restore(self, wire: Wire) -> None:
        """The broker ended a consumer because its queue was deleted: make the queue again and go on."""
        while self._deleted and not self._draining:
            queue = self._deleted.pop()
            log.get().error("queue deleted", queue=queue)
            declare(wire.channel)
            self._consume(wire, queue)

    def _look(self, wire: Wire) -> None:
        """Raise one of `wire.LOST`, so that all is declared and consumed anew, where a queue is away or not consumed.

        A broker that lost a node does not always tell its consumers that their queue was deleted.
        """
        for queue in self._queues:
            if not wire.channel.queue_declare(queue, passive=True).consumer_count:
                raise ConnectionAbortedError(f"nobody consumes {queue}, which was deleted and made again")

    def _part(self, wire: Wire) -> None:
        """Put each event of a suspicious message into the queue by itself, so that none falls with another."""
        while self._suspects:
            suspect = self._suspects.pop()
            log.get().warning("a message came too often: its events are parted", queue=suspect.queue)
            with Post(self._url) as post:
                for body in suspect.bodies:
                    post.put(body, suspect.queue)
            wire.channel.basic_ack(suspect.tag)

    def _acknowledge(self, wire: Wire) -> None:
        self._part(wire)  # first: the acknowledgement of what came later covers what came before
        with self._lock:
            settled, self._settled = self._settled, None
        if settled is not None and settled.session == self._current:
            wire.channel.basic_ack(settled.tag, multiple=True)


def _death(headers: dict[str, Any], queue: str) -> tuple[str, str]:
    """From which queue the broker took a dead letter, and why it gave it up, as a flaw."""
    match headers.get("x-death"):
        case [{"queue": str(came_by), "reason": str(reason), "time": time, "count": count}, *_]:
            return came_by, f"{reason.replace('_', '-')}: given up by the broker at {time}, {count} times in all"
        case _:
            return queue, "dead-lettered: nobody knows from where"
