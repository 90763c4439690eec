"""The floor under the limit: its statements without messages, and its messages without a database.

Both are made up beforehand and run in full batches, by one process that reads and decides nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from shared.messaging.wire import Bell
from tests.bench.contest import Call
from tests.bench.costs import used
from tests.bench.limit import broker, database
from tests.bench.limit.broker import FOLLOWS, Broker, Outgoing
from tests.bench.limit.database import Database
from tests.bench.limit.hotline import Hotline, handed_over
from tests.bench.limit.messages import Message, decode
from tests.bench.limit.services import DISPATCH, INTAKE, NOTICE, SERVICES, Service, Written

Pids = Callable[[], Iterable[int]]


class Floor(NamedTuple):
    """CPU milliseconds a whistle, client and server together."""

    statements: float
    confirms: float

    @property
    def both(self) -> float:
        return self.statements + self.confirms


class Step(NamedTuple):
    """One batch of one of the three."""

    service: Service
    written: Written


def floor(amqp_url: str, database_url: str, calls: Sequence[Call], batch: int, rabbitmq: Pids, postgres: Pids) -> Floor:
    """What these calls cost in batches of this size, while the limit itself is not there.

    `rabbitmq` and `postgres` tell the servers' processes.
    """
    steps = list(_steps(calls, batch))
    statements = _statements(database_url, steps, postgres)
    confirms = _confirms(amqp_url, calls, batch, steps, rabbitmq)
    return Floor(statements * 1000 / len(calls), confirms * 1000 / len(calls))


def _steps(calls: Sequence[Call], batch: int) -> Iterator[Step]:
    """Everything that these calls lead to: five statements for so many of them."""
    said: list[str] = []
    for start in range(0, len(calls), batch):
        taken = INTAKE.write([handed_over(call) for call in calls[start : start + batch]], [])
        dispatched = DISPATCH.write(_received(taken), [])
        named = INTAKE.write(_received(dispatched), _ids(taken))
        delivered = NOTICE.write(_received(dispatched), said)
        noted = DISPATCH.write(_received(delivered), _ids(dispatched))
        said = _ids(delivered)
        yield from (Step(INTAKE, taken), Step(DISPATCH, dispatched), Step(INTAKE, named))
        yield from (Step(NOTICE, delivered), Step(DISPATCH, noted))


def _received(written: Written) -> list[Message]:
    return [decode(body) for _, body in written.to_say]


def _ids(written: Written) -> list[str]:
    return [id for id, _ in written.to_say]


def _statements(url: str, steps: Sequence[Step], postgres: Pids) -> float:
    """CPU seconds of the statements alone."""
    database.create(url)
    try:
        databases = {name: Database(url, service) for name, service in SERVICES.items()}
        server, client = used(postgres()), time.process_time()
        for service, written in steps:
            databases[service.name].write(written)
        spent = used(postgres()) - server + time.process_time() - client
        for one in databases.values():
            one.close()
    finally:
        database.remove(url)
    return spent


def _confirms(url: str, calls: Sequence[Call], batch: int, steps: Sequence[Step], rabbitmq: Pids) -> float:
    """CPU seconds of publishing and receiving the same messages; what the hotline itself spends is not ours."""
    outgoing = [(service.name, written.to_say) for service, written in steps if written.to_say]
    expected = len(calls) * sum(map(len, FOLLOWS.values()))  # every publisher says one thing about each call
    broker.declare(url)
    try:
        with Bell() as bell:
            ours = Broker(url, "limit", bell)
            server = used(rabbitmq())
            with Hotline(url) as hotline:
                hotline.send(calls)
            client = time.process_time()
            for name in FOLLOWS:
                ours.consume(name)
            _exchange(ours, outgoing, expected, batch)
            spent = used(rabbitmq()) - server + time.process_time() - client
            ours.close()
    finally:
        broker.remove(url)
    return spent


def _exchange(ours: Broker, outgoing: Sequence[tuple[str, Sequence[Outgoing]]], expected: int, batch: int) -> None:
    """Publish batch by batch and acknowledge by full batches, until `expected` messages have come."""
    to_send = deque(outgoing)
    while expected:
        ours.hear()
        whole = ours.arrived() >= min(batch, expected)
        if not whole and (ours.full or not to_send):
            ours.wait(1.0)
            continue
        key, messages = to_send.popleft() if to_send and not ours.full else ("", ())
        deliveries = ours.take(batch) if whole else []
        ours.send(messages, deliveries, key)
        expected -= len(deliveries)
    ours.wait_for_confirms()
