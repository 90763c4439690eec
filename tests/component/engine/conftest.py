"""The ledger on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.engine.batch import Rules
from shared.engine.engine import Engine
from shared.engine.reference import References
from shared.engine.works import Announced, Message, Result, Work
from shared.errors import AppError
from shared.runtime.clock import now, uuid7
from shared.store.database import Database
from shared.store.store import Store
from tests.component.engine import ledger


def read(message: Message) -> Work:
    """How a kept message becomes a work again: its body is the amount."""
    return Work(uuid7(), ledger.Add(UUID(message.subject), int(message.body)), message=message)


@dataclass
class Bench:
    """An engine, what it announced, and short ways to make works and look at rows."""

    database: Database
    announced: list[Announced] = field(default_factory=list)
    replicas: list[Database] = field(default_factory=list)

    def engine(self, sent: Callable[[], list[UUID]] = list) -> Engine:
        """One replica; `sent` gives what the relay had confirmed since it was last asked."""
        rules = Rules("ledger", ledger.HANDLERS, lambda *_: None, read, References())
        return Engine(Store(self.database, "ledger", ledger.AGGREGATES), rules, now, self.announced.extend, sent)

    def replica(self) -> Engine:
        """Another replica with its own connection."""
        url = self.database.reads.url.render_as_string(hide_password=False)
        rules = Rules("ledger", ledger.HANDLERS, lambda *_: None, read, References())
        self.replicas.append(Database(url, "ledger", as_role=False))
        store = Store(self.replicas[-1], "ledger", ledger.AGGREGATES)
        return Engine(store, rules, now, self.announced.extend)

    def rows(self, sql: str) -> list[Any]:
        """What lies in the tables."""
        with self.database.read() as connection:
            return list(connection.execute(text(sql)).all())

    def account(self, owner: str = "x") -> UUID:
        """An account that is there already."""
        id = uuid7()
        assert self.engine().run([request(ledger.Open(id, owner))])[0].ending == "done"
        self.announced.clear()
        return id


def request(command: Any, key: str = "", fingerprint: bytes = b"") -> Work:
    """A request whose answer is its result's version, and whose refusal is its slug."""

    def answer(result: Any) -> tuple[int, bytes]:
        return 200, str(result.version).encode()

    def refuse(refusal: AppError) -> tuple[int, bytes]:
        return 409, refusal.slug.encode()

    return Work(uuid7(), command, key=key, fingerprint=fingerprint, answer=answer, refuse=refuse)


def message(account: UUID, sequence: int, amount: int) -> Work:
    """The message of this number in the account's stream."""
    place = Message("publisher", str(account), sequence, str(amount).encode(), "ledger.follows.publisher")
    return Work(uuid7(), ledger.Add(account, amount), message=place)


def endings(results: list[Result]) -> list[str]:
    return [result.ending for result in results]


@pytest.fixture
def bench(database: str) -> Iterator[Bench]:
    found = Database(database, "ledger", as_role=False)
    with found.write() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS ledger CASCADE"))
        connection.execute(text("CREATE SCHEMA ledger"))
        ledger.metadata.create_all(connection)
    bench = Bench(found)
    yield bench
    for one in (found, *bench.replicas):
        one.close()
