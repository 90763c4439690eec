"""The database as each of the three uses it: one connection, one prepared statement a batch."""

from collections.abc import Sequence

import psycopg
from psycopg import sql

from tests.bench.limit.services import PLUMBING, SERVICES, Service, Written, plain
from tools.servers.postgres import plain as plain_url

# Plans are made while the tables are empty and kept: no scan may seem cheap.
OPTIONS = "-c enable_seqscan=off -c search_path="


class Database:
    """One service's connection. Every statement is a transaction and durable when it returns."""

    def __init__(self, url: str, service: Service) -> None:
        self._connection = psycopg.connect(plain_url(url), autocommit=True, options=OPTIONS + service.schema)
        self._cursor = psycopg.RawCursor(self._connection)
        self._statement = service.statement.encode()
        # One process a service: whoever starts waits for what its predecessor began and did not see the end of.
        self._cursor.execute("SELECT pg_advisory_lock(hashtext($1))", [service.schema])

    def write(self, written: Written) -> None:
        """Raises `psycopg.errors.UniqueViolation` if one of the batch has been received before."""
        self._cursor.execute(self._statement, written.parameters, prepare=True)

    def received(self, ids: Sequence[str]) -> set[str]:
        """Which of these messages have been received before."""
        self._cursor.execute("SELECT id FROM inbox WHERE id = ANY($1::uuid[])", [plain(ids)])
        return {id.hex for (id,) in self._cursor}

    def unsaid(self) -> list[tuple[str, bytes]]:
        """What was committed and perhaps not published, in its order."""
        self._cursor.execute("SELECT id, body FROM outbox ORDER BY id")
        return [(id.hex, body) for id, body in self._cursor]

    def said(self, ids: Sequence[str]) -> None:
        """These messages are confirmed."""
        self._cursor.execute("DELETE FROM outbox WHERE id = ANY($1::uuid[])", [plain(ids)], prepare=True)

    def close(self) -> None:
        self._connection.close()


def create(url: str) -> None:
    """All schemas, empty."""
    remove(url)
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        for service in SERVICES.values():
            name = sql.Identifier(service.schema)
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
            connection.execute(sql.SQL("SET search_path = {}").format(name))
            connection.execute(PLUMBING + service.tables)


def remove(url: str) -> None:
    """Everything of ours."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        for service in SERVICES.values():
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(service.schema)))
