"""The broker as each of the three uses it: one connection with one channel, everything by the batch."""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

import amqp

from shared.messaging.wire import Bell, Wire

EXCHANGE = "limit.events"
# Who follows whom: a queue for each pair.
FOLLOWS = {"intake": ("hotline", "dispatch"), "dispatch": ("intake", "notice"), "notice": ("dispatch",)}
BATCH = 200  # messages in one go
PREFETCH = 500  # messages of each queue
MOST_UNCONFIRMED = 1_000
PATIENCE = 30.0  # seconds until the broker must have confirmed
PERSISTENT = 2

Outgoing = tuple[str, bytes]  # a message's id and its body


class Delivery(NamedTuple):
    """A message as it came."""

    tag: int
    body: bytes


class Refused(Exception):
    """The broker did not take a message. Its row lies in the outbox; the next start brings it again."""


class Broker:
    """Publishes with confirms that are heard later, and receives what is acknowledged by the batch."""

    def __init__(self, url: str, name: str, bell: Bell) -> None:
        self._wire = Wire(url, f"limit {name}")
        self._bell = bell
        self._key = name
        self._arrived: deque[Delivery] = deque()
        self._unconfirmed: dict[int, str] = {}  # by delivery tag, in their order
        self._confirmed: list[str] = []
        self._published = 0
        channel = self._wire.channel
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)

    def consume(self, name: str) -> None:
        """Receive all that `name` follows, from now on."""
        self._wire.channel.basic_qos(0, PREFETCH, False)
        for publisher in FOLLOWS[name]:
            self._wire.channel.basic_consume(queue(name, publisher), callback=self._on_delivery)

    def wait(self, seconds: float) -> None:
        """Hear what the broker sent; if that is nothing, wait for it at most so long."""
        self._wire.wait(self._bell, seconds)

    def hear(self) -> None:
        """All that the broker has sent so far."""
        before = -1
        while before != (heard := len(self._arrived) - len(self._unconfirmed)):
            before = heard
            self.wait(0)

    def arrived(self) -> int:
        """How many messages wait to be taken."""
        return len(self._arrived)

    def take(self, most: int) -> list[Delivery]:
        """The next ones in the order of their delivery."""
        return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]

    def send(self, messages: Sequence[Outgoing], settled: Sequence[Delivery] = (), key: str = "") -> None:
        """Publish these and acknowledge those, and with them all that came before, in one write."""
        with self._wire.together():
            for id, body in messages:
                self._published += 1
                self._unconfirmed[self._published] = id
                message = amqp.Message(body, delivery_mode=PERSISTENT)
                self._wire.publish(message, EXCHANGE, key or self._key, mandatory=False)
            if settled:
                self._wire.channel.basic_ack(settled[-1].tag, multiple=True)

    @property
    def full(self) -> bool:
        """Whether so much is unconfirmed that nothing more may be published."""
        return len(self._unconfirmed) > MOST_UNCONFIRMED

    def confirmed(self) -> list[str]:
        """What was confirmed since the last call."""
        confirmed, self._confirmed = self._confirmed, []
        return confirmed

    def wait_for_confirms(self) -> None:
        """Until everything published is confirmed."""
        deadline = time.monotonic() + PATIENCE
        while self._unconfirmed:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self._unconfirmed)} messages are not confirmed")
            self.wait(1.0)

    def close(self) -> None:
        """What is not acknowledged goes back to its queue."""
        self._wire.close()

    def _on_delivery(self, message: amqp.Message) -> None:
        self._arrived.append(Delivery(message.delivery_tag, message.body))

    def _on_ack(self, tag: int, multiple: bool) -> None:
        tags: Iterable[int] = [*takewhile(lambda one: one <= tag, self._unconfirmed)] if multiple else (tag,)
        self._confirmed += [self._unconfirmed.pop(one) for one in tags]

    def _on_nack(self, tag: int, multiple: bool) -> None:
        raise Refused(f"{tag}, multiple={multiple}")


def queue(name: str, publisher: str) -> str:
    """The queue by which `name` follows `publisher`."""
    return f"limit.{name}.follows.{publisher}"


def declare(url: str) -> None:
    """The exchange and all queues, empty."""
    remove(url)
    wire = Wire(url, "limit")
    wire.channel.exchange_declare(EXCHANGE, "direct", durable=True, auto_delete=False)
    for name, publisher in _pairs():
        arguments = {"x-queue-type": "quorum"}
        wire.channel.queue_declare(queue(name, publisher), durable=True, auto_delete=False, arguments=arguments)
        wire.channel.queue_bind(queue(name, publisher), EXCHANGE, publisher)
    wire.close()


def remove(url: str) -> None:
    """Everything of ours."""
    wire = Wire(url, "limit")
    for name, publisher in _pairs():
        wire.channel.queue_delete(queue(name, publisher))
    wire.channel.exchange_delete(EXCHANGE)
    wire.close()


def are_followed(url: str) -> bool:
    """Whether every queue has its consumer."""
    wire = Wire(url, "limit")
    consumers = [wire.channel.queue_declare(queue(*pair), passive=True).consumer_count for pair in _pairs()]
    wire.close()
    return all(consumers)


def _pairs() -> list[tuple[str, str]]:
    return [(name, publisher) for name, publishers in FOLLOWS.items() for publisher in publishers]
