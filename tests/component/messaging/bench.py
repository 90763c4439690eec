"""Short ways to announce, receive and look, for tests with a real broker and a real database."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

import amqp
import sqlalchemy as sa

from shared.contracts import registry
from shared.contracts.intake import CaseSubmittedV1
from shared.contracts.notice import SummonsReadV1
from shared.engine.works import Work
from shared.messaging.envelope import encode
from shared.messaging.parking import Post
from shared.messaging.reading import Reader
from shared.messaging.relay import Relay
from shared.messaging.subscription import Subscription
from shared.messaging.topology import FOLLOWS, queue_name
from shared.messaging.wire import Wire
from shared.store.changes import Announced, Trace
from shared.store.plumbing import Plumbing, plumbing
from tests.support.eventually import eventually

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CASE = UUID("00000000-0000-7000-8000-0000000000c1")
TRACE = Trace("correlation", "causation", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
BY_INTAKE, BY_NOTICE = "dispatch.follows.intake", "dispatch.follows.notice"
FOLLOWING_NOTICE = tuple(queue_name(one, "notice") for one, publishers in FOLLOWS.items() if "notice" in publishers)

metadata = sa.MetaData(schema="dispatch")
tables: Plumbing = plumbing(metadata)


class Worker(Protocol):
    """What runs in a thread until it is told to stop."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    """Each worker in a thread of its own; at the end all have ended."""
    threads = [threading.Thread(target=worker.run, daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(15)
        assert not any(thread.is_alive() for thread in threads)


@contextmanager
def relaying(url: str, publisher: str = "intake", **options: Any) -> Iterator[Relay]:
    """A connected relay that has caught up."""
    relay = Relay(url, publisher, **options)
    with running(relay):
        eventually(lambda: relay.room, what="the relay is connected")
        relay.caught_up()
        yield relay


def receiver(url: str, service: str = "dispatch", **options: Any) -> Subscription:
    """A subscription that turns every case.submitted into itself and its time."""
    return Subscription(url, service, Reader({CaseSubmittedV1: lambda event, at: (event, at)}), **options)


@contextmanager
def receiving(url: str, service: str = "dispatch", **options: Any) -> Iterator[Subscription]:
    """The same, connected."""
    subscription = receiver(url, service, **options)
    with running(subscription):
        eventually(lambda: subscription.line.away_since is None, what="the subscription is connected")
        yield subscription


def submitted(sequence: int = 1, case: UUID = CASE, time: datetime = NOON, kind: str = "joint") -> Announced:
    """The event `case.submitted.v1` of intake, as it lies in the outbox."""
    event = CaseSubmittedV1(case, kind, "cj.sanhe.honghu", "p-clerk", NOON)
    return Announced(uuid4(), "case.submitted.v1", str(case), sequence, time, TRACE, registry.encode(event))


def was_read(sequence: int = 1, case: UUID = CASE) -> Announced:
    """The event `summons.read.v1` of notice, which only dispatch's queue takes."""
    event = SummonsReadV1(case, uuid4(), "cg", "p-officer", NOON)
    return Announced(uuid4(), "summons.read.v1", str(case), sequence, NOON, TRACE, registry.encode(event))


def put(url: str, *rows: Announced | bytes, queue: str = BY_INTAKE) -> None:
    """Put messages into a queue, confirmed."""
    publisher = queue.rpartition(".")[2]
    with Post(url) as post:
        for row in rows:
            post.put(row if isinstance(row, bytes) else encode(row, publisher), queue)


def take(subscription: Subscription, count: int) -> list[Work]:
    """The next `count` works, waiting for them."""
    works: list[Work] = []

    def enough() -> bool:
        works.extend(subscription.take(count - len(works)))
        return len(works) == count

    eventually(enough, what=f"{count} messages arrive")
    return works


def numbers(works: Sequence[Work]) -> list[int]:
    """The works' places in their stream."""
    return [work.message.sequence for work in works if work.message is not None]


@contextmanager
def channel(url: str) -> Iterator[amqp.Channel]:
    """A channel to look at, and to break, the broker's side."""
    wire = Wire(url, "test")
    try:
        yield wire.channel
    finally:
        wire.close()


def ready(url: str, queue: str) -> int:
    """How many messages lie in the queue and are with nobody."""
    with channel(url) as looking:
        return int(looking.queue_declare(queue, passive=True).message_count)


class Books:
    """The tables of one service in the test's database."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE SCHEMA dispatch"))
            metadata.create_all(connection)

    def announce(self, *rows: Announced, sent: bool = False, **columns: Any) -> None:
        """Let events lie in the outbox, as a commit leaves them, or sent; `columns` are those of what is unsent."""
        with self.engine.begin() as connection:
            for row in rows:
                values = {
                    **{name: getattr(row, name) for name in ("id", "type", "subject", "sequence", "time", "data")},
                    **{name: getattr(row.trace, name) for name in ("correlation", "causation", "traceparent")},
                }
                put = sa.insert(tables.outbox).values(**values).returning(tables.outbox.c.position)
                position = connection.scalar(put)
                if not sent:
                    connection.execute(sa.insert(tables.unsent).values(id=row.id, position=position, **columns))

    def unsent(self) -> int:
        """How many events of the outbox are unsent."""
        return int(self.all("SELECT count(*) FROM dispatch.unsent")[0][0])

    def all(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Rows."""
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), parameters)]

    def do(self, statement: str, **parameters: Any) -> None:
        """A change."""
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), parameters)


def long_ago(**ago: float) -> datetime:
    """A moment before now."""
    return datetime.now(UTC) - timedelta(**ago)
