"""One service as a process of its own on the run's real broker and database; the test plays everybody around it."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import amqp

from shared.access.actor import Actor
from shared.access.token import Minter, ensure_keys
from shared.contracts import registry
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.hotline import CallHandedOverV1
from shared.messaging.declare import declare
from shared.messaging.envelope import CONTENT_TYPE, encode, event_of
from shared.messaging.topology import EXCHANGE, queue_name
from shared.messaging.wire import Wire
from shared.store.changes import Announced, Trace
from shared.store.migrate import migrate
from tests.support.asking import Answer, Client
from tests.support.eventually import eventually
from tests.support.queues import taken
from tests.support.tables import execute, rows
from tools.child import command
from tools.servers.private import free_ports
from tools.supervisor import Program, Supervisor

T = TypeVar("T")


class OneService:
    """The service's doors: `ask` by HTTP, `announce` what others would, `heard` what it announced itself."""

    def __init__(self, name: str, url: str, database: str, broker: str, minter: Minter) -> None:
        self.name, self.url, self.database = name, url, database
        self._broker, self._minter, self._client = broker, minter, Client(url)
        self._sequences: Counter[tuple[str, str]] = Counter()
        self._heard: list[Any] = []
        self.last: dict[tuple[str, str], bytes] = {}  # the newest message of each publisher about each subject
        self._probe = f"probe.{uuid4()}"
        with connected(broker) as wire:
            wire.channel.queue_declare(self._probe, durable=True, auto_delete=False)
            wire.channel.queue_bind(self._probe, EXCHANGE, f"{name}.#")

    def ask(self, method: str, path: str, by: Actor | None = None, body: Any = None, **headers: str) -> Answer:
        """One request by somebody with a token, or by nobody; `body` is JSON, or bytes as they are."""
        return self._client.ask(method, path, self.token(by) if by else "", body, **headers)

    def token(self, actor: Actor) -> str:
        """A token that names this actor."""
        return self._minter.mint(actor)[0]

    def announce(self, *events: Any) -> None:
        """Put these events into the service's queues, each by its publisher and with the next number in its stream."""
        for event in events:
            place = event.publisher, _subject(event)
            self._sequences[place] += 1
            self.last[place] = self.envelope(event, self._sequences[place])
            self.put(self.last[place], event.publisher)

    def envelope(self, event: Any, sequence: int) -> bytes:
        """The message that announces an event as the one of this number in its stream."""
        data = registry.encode(event)
        row = Announced(uuid4(), event.type, _subject(event), sequence, datetime.now(UTC), Trace(), data)
        return encode(row, event.publisher)

    def put(self, body: bytes, publisher: str) -> None:
        """Put any bytes into the queue by which the service follows this publisher, confirmed by the broker."""
        message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=2)
        with connected(self._broker) as wire:
            wire.channel.basic_publish_confirm(message, "", queue_name(self.name, publisher), mandatory=True)

    def heard(self, kind: type[T], case_id: UUID | None = None) -> list[T]:
        """What the service has announced of one kind so far, about one case or all."""
        with connected(self._broker) as wire:
            self._heard += [event_of(envelope) for envelope in taken(wire.channel, self._probe)]
        of_kind = [event for event in self._heard if isinstance(event, kind)]
        return [event for event in of_kind if case_id in (None, getattr(event, "case_id", None))]

    def hear(self, kind: type[T], case_id: UUID | None = None, count: int = 1) -> list[T]:
        """The same, once there are so many."""
        return (
            eventually(
                lambda: found if len(found := self.heard(kind, case_id)) >= count else None,
                what=f"{self.name} announces {kind.__name__} {count} times",
            )
            or []
        )

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What lies in the tables."""
        return rows(self.database, sql, **values)

    def execute(self, sql: str, **values: Any) -> None:
        """Change what lies there, as time or an accident would."""
        execute(self.database, sql, **values)


def _subject(event: Any) -> str:
    if isinstance(event, ReferencePublishedV1):
        return f"reference:{event.name}"
    return str(event.call_id if isinstance(event, CallHandedOverV1) else event.case_id)


@contextmanager
def connected(broker: str) -> Iterator[Wire]:
    """A connection for one use: nobody would keep up the heartbeat of one that lies idle between tests."""
    wire = Wire(broker, "test")
    try:
        yield wire
    finally:
        wire.close()


@contextmanager
def one_service(name: str, database: str, broker: str, place: Path, **variables: str) -> Iterator[OneService]:
    """Migrate, declare, start the service and wait until it lives; at the end it is stopped.

    `variables` are more of its environment.
    """
    migrate(name, database)
    with connected(broker) as wire:
        declare(wire.channel)
    with running(name, database, broker, place, **variables) as url:
        yield OneService(name, url, database, broker, Minter(place / "keys"))


@contextmanager
def running(name: str, database: str, broker: str, place: Path, **variables: str) -> Iterator[str]:
    """The service as a process, with its keys, files and log in this place; its address once it lives."""
    ensure_keys(place / "keys")
    url = f"http://127.0.0.1:{free_ports(1)}"
    env = {
        "AMQP_URL": broker,
        "DATABASE_URL": database,
        "WHISTLE_PORT": url.rpartition(":")[2],
        "WHISTLE_KEYS": str(place / "keys"),
        "WHISTLE_FILES": str(place / "files"),
        **variables,
    }
    program = Program(name, command([sys.executable, "-m", "tools.serve", name], **env), f"{url}/livez")
    with Supervisor([program], place, say=lambda _: None):
        yield url
