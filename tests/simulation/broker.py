"""RabbitMQ as the services know it, in memory: quorum queues, confirms, redeliveries, and wires that break.

What goes between a process and the broker travels frame by frame, in its order on each wire; each is one step of the
world. What has not arrived when the wire breaks is lost; what was delivered and not acknowledged comes again.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple, Self

import amqp

from tests.simulation.books import BEFORE_CONFIRM
from tests.simulation.world import World

GONE = "the wire broke"


@dataclass
class Stored:
    """A message in a queue; `times` is how often it was given back."""

    body: bytes
    properties: dict[str, Any]
    times: int = 0


@dataclass
class Queue:
    """Ready messages, oldest first; `bindings` are the patterns by exchange."""

    name: str
    ready: deque[Stored] = field(default_factory=deque)
    bindings: set[tuple[str, str]] = field(default_factory=set)


class Delivered(NamedTuple):
    """With a consumer, unsettled."""

    queue: str
    message: Stored


class Broker:
    """What lies in it survives its fall; connections do not."""

    def __init__(self, world: World) -> None:
        self.queues: dict[str, Queue] = {}
        self.wires: list[SimulatedWire] = []
        self.down = False
        self._world = world

    def moves(self) -> list[Callable[[], None]]:
        """Each wire's next frame to the broker, and each delivery that could be made."""
        if self.down:
            return []
        moves: list[Callable[[], None]] = [wire.arrive for wire in self.wires if wire.out]
        for queue in self.queues.values():
            if queue.ready:
                moves += [self._delivery(wire, queue) for wire in self.wires if wire.channel.takes(queue.name)]
        return moves

    def fall(self) -> None:
        """Every connection breaks; nobody gets a new one."""
        self.down = True
        for wire in list(self.wires):
            wire.snap()

    def rise(self) -> None:
        """It takes connections again."""
        self.down = False

    def deliver_twice(self, queue: str) -> None:
        """The oldest message is there a second time."""
        if ready := self.queues[queue].ready:
            ready.appendleft(Stored(ready[0].body, ready[0].properties, ready[0].times))

    def reorder(self, queue: str) -> None:
        """What is ready comes in another order."""
        ready = list(self.queues[queue].ready)
        self._world.random.shuffle(ready)
        self.queues[queue].ready = deque(ready)

    def delete(self, queue: str) -> None:
        """With all that lies in it; its consumers are told."""
        del self.queues[queue]
        for wire in self.wires:
            wire.channel.lose(queue)

    def unbind(self, queue: str) -> None:
        """Nothing more comes into it."""
        self.queues[queue].bindings.clear()

    def unsettled(self) -> int:
        """How many messages lie in queues, or with consumers."""
        ready = sum(len(queue.ready) for queue in self.queues.values())
        return ready + sum(len(wire.channel.delivered) for wire in self.wires)

    def publish(self, exchange: str, key: str, body: bytes, properties: dict[str, Any]) -> bool:
        """Into every queue that is bound so; whether there was one."""
        bound = [queue for queue in self.queues.values() if any(_leads(one, exchange, key) for one in queue.bindings)]
        if not exchange:
            bound = [self.queues[key]] if key in self.queues else []
        for queue in bound:
            queue.ready.append(Stored(body, properties))
        return bool(bound)

    def _delivery(self, wire: "SimulatedWire", queue: Queue) -> Callable[[], None]:
        return lambda: wire.deliver(queue.name, queue.ready.popleft())


def _leads(binding: tuple[str, str], exchange: str, key: str) -> bool:
    bound, pattern = binding
    return bound == exchange and (key == pattern or (pattern.endswith("#") and key.startswith(pattern[:-1])))


class SimulatedWire:
    """Stands for `shared/messaging/wire.py`'s `Wire`."""

    broker: Broker
    world: World

    def __init__(self, _url: str, name: str) -> None:
        self.name = name
        self.blocked = False
        self.broken = False
        self.out: deque[Callable[[], None]] = deque()  # frames on their way to the broker
        self.come: deque[Callable[[], None]] = deque()  # frames that have come from it
        self.world.step("before connecting")
        if self.broker.down:
            raise OSError("the broker is away")
        self.channel = Channel(self)
        self.broker.wires.append(self)

    def wait(self, bell: "Bell", timeout: float) -> None:
        """Handle what has come, or wait for it, for the bell, or so many seconds."""
        if not self.come:
            self.world.pause(lambda: bool(self.come) or bell.rung or self.broken, timeout)
            bell.rung = False
        if self.broken:
            raise OSError(GONE)
        while self.come:
            self.come.popleft()()

    def together(self) -> AbstractContextManager[None]:
        """Frames go out one by one all the same: the wire may break between any two."""
        return nullcontext()

    def publish(self, message: amqp.Message, exchange: str, routing_key: str, *, mandatory: bool) -> None:
        """Send; its confirmation comes later."""
        self.channel.publish(message, exchange, routing_key, mandatory)

    def send(self, frame: Callable[[], None]) -> None:
        """A frame for the broker."""
        if self.broken:
            raise OSError(GONE)
        self.out.append(frame)

    def arrive(self) -> None:
        """The next frame reaches the broker."""
        self.out.popleft()()

    def deliver(self, queue: str, message: Stored) -> None:
        """A message goes to this wire's consumer."""
        tag = next(self.channel.tags)
        self.channel.delivered[tag] = Delivered(queue, message)
        counted = {"application_headers": {"x-delivery-count": message.times}} if message.times else {}
        came = amqp.Message(message.body, **{**message.properties, **counted})
        came.delivery_info = {"delivery_tag": tag}
        self.come.append(lambda: self.channel.callbacks[queue](came) if queue in self.channel.callbacks else None)

    def snap(self) -> None:
        """It breaks; what is unsettled goes back to its queue."""
        if self.broken:
            return
        self.broken = True
        self.broker.wires.remove(self)
        self.out.clear()
        self.come.clear()
        for queue, message in reversed(self.channel.delivered.values()):
            message.times += 1
            if queue in self.broker.queues:
                self.broker.queues[queue].ready.appendleft(message)
        self.channel.delivered.clear()

    def close(self) -> None:
        """In good order: what was sent arrives first; a process that is killed does not see to that."""
        while self.out and not self.broken and not self.world.killing:
            self.arrive()
        self.snap()


class Channel:
    """What is used of py-amqp's channel. Declarations are answered at once."""

    def __init__(self, wire: SimulatedWire) -> None:
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self.callbacks: dict[str, Callable[[amqp.Message], None]] = {}
        self.consumed: list[str] = []
        self.delivered: dict[int, Delivered] = {}
        self.tags = count(1)
        self.prefetch = 0
        self._wire = wire
        self._published = 0

    def exchange_declare(self, *_: Any, **__: Any) -> None:
        """There."""

    def queue_declare(self, queue: str, *, passive: bool = False, **_: Any) -> Any:
        """There; `passive` only looks."""
        broker = self._wire.broker
        if passive and queue not in broker.queues:
            raise OSError(f"no queue {queue}")
        broker.queues.setdefault(queue, Queue(queue))
        return SimpleNamespace(consumer_count=sum(queue in wire.channel.consumed for wire in broker.wires))

    def queue_bind(self, queue: str, exchange: str, routing_key: str) -> None:
        """What is published so comes into it."""
        self._wire.broker.queues[queue].bindings.add((exchange, routing_key))

    def confirm_select(self) -> None:
        """Always."""

    def basic_qos(self, _size: int, prefetch: int, _all: bool) -> None:
        """So many of each queue may be unsettled."""
        self.prefetch = prefetch

    def basic_consume(
        self,
        queue: str,
        *,
        consumer_tag: str,
        callback: Callable[[amqp.Message], None],
        on_cancel: Callable[[str], None],
    ) -> None:
        """From now on, its messages come here."""
        self.callbacks[consumer_tag] = callback
        self.consumed.append(queue)
        self._on_cancel = on_cancel

    def takes(self, queue: str) -> bool:
        """Whether it consumes this queue and has room for another message of it."""
        return queue in self.consumed and sum(one.queue == queue for one in self.delivered.values()) < self.prefetch

    def lose(self, queue: str) -> None:
        """The broker deleted it; what came from it cannot be settled any more."""
        self.delivered = {tag: one for tag, one in self.delivered.items() if one.queue != queue}
        if queue in self.consumed:
            self.consumed.remove(queue)
            if self._wire.world.random.random() < 0.5:  # RabbitMQ does not always tell
                self._wire.come.append(lambda: self._on_cancel(queue))

    def basic_cancel(self, consumer_tag: str) -> None:
        """No more of them; those that are here stay."""
        if consumer_tag in self.consumed:
            self.consumed.remove(consumer_tag)

    def basic_ack(self, tag: int, *, multiple: bool = False) -> None:
        """They are settled, once this arrives."""

        def settle() -> None:
            for one in [one for one in self.delivered if one == tag or (multiple and one <= tag)]:
                del self.delivered[one]

        self._wire.send(settle)

    def basic_publish_confirm(self, message: amqp.Message, exchange: str, routing_key: str, **_: Any) -> None:
        """Send, and wait for the confirmation."""
        confirmed: list[bool] = []
        wire = self._wire

        def arrive() -> None:
            wire.broker.publish(exchange, routing_key, message.body, dict(message.properties))
            confirmed.append(True)

        wire.send(arrive)
        wire.world.pause(lambda: bool(confirmed) or wire.broken)
        if not confirmed:
            raise OSError(GONE)

    def publish(self, message: amqp.Message, exchange: str, routing_key: str, mandatory: bool) -> None:
        """Without waiting."""
        self._published += 1
        tag, wire = self._published, self._wire

        def arrive() -> None:
            routed = wire.broker.publish(exchange, routing_key, message.body, dict(message.properties))
            if not routed and mandatory:
                wire.come.append(
                    lambda: self._tell("basic_return", OSError("NO_ROUTE"), exchange, routing_key, message)
                )
            wire.come.append(lambda: self._tell("basic_ack", tag, False))

        wire.send(arrive)
        wire.world.step(BEFORE_CONFIRM)

    def _tell(self, event: str, *arguments: Any) -> None:
        for handle in list(self.events[event]):
            handle(*arguments)


class Bell:
    """Stands for `wire.Bell`."""

    def __init__(self) -> None:
        self.rung = False

    def __enter__(self) -> Self:
        self.rung = True  # for whoever rang before
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody listens any more."""

    def ring(self) -> None:
        """Call."""
        self.rung = True
