"""A service's way to PostgreSQL: one connection that writes batches, and a pool for reads."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as AllInUse

from shared.errors import Unavailable
from shared.runtime import green
from shared.store.errors import Away, meaning

green.let_psycopg_wait()

Cursor = psycopg.Cursor[tuple[Any, ...]]

LOCK_TIMEOUT_MS = 200
STATEMENT_TIMEOUT_MS = 30_000
# How a connection that only listens finds out within half a minute that nobody is there any more, in seconds.
ALIVE: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def role_of(service: str) -> str:
    """The role under which a service works; it has rights in its own schema only."""
    return f"whistle_{service}"


def driver_url(url: str) -> URL:
    """The URL with its driver named (psycopg 3), whatever form the user gave."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername.startswith("postgres") else parsed


def execute(cursor: Cursor, sql: str, parameters: Sequence[bytes] = ()) -> None:
    """Run a statement of a batch; its `%s` stand for the parameters."""
    cursor.execute(_numbered(sql), parameters)


@lru_cache(maxsize=1_000)
def _numbered(sql: str) -> bytes:
    """The statement with PostgreSQL's own `$1`, `$2` …; psycopg would take every long statement apart each time."""
    *pieces, last = sql.split("%s")
    return "".join([*(f"{piece}${number}" for number, piece in enumerate(pieces, 1)), last]).encode()


class Database:
    """The database as one service sees it.

    `as_role` makes the service work under its own role. Connections are made when they are first needed, so that a
    service can start before its database.
    """

    def __init__(self, url: str, service: str, *, readers: int = 10, as_role: bool = True) -> None:
        self.service = service
        self._url = driver_url(url)
        settings = [f"-c lock_timeout={LOCK_TIMEOUT_MS}", f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"]
        if as_role:
            settings.append(f"-c role={role_of(service)}")
        # A plan made while a table was empty must not be kept until it holds millions. The writer, which asks by index
        # only, keeps its plans and never scans; making them anew was a quarter of the database's work (decision 11).
        self._reading_options = " ".join([*settings, "-c plan_cache_mode=force_custom_plan"])
        self._writing_options = " ".join([*settings, "-c enable_seqscan=off", "-c jit=off"])
        self._writer: psycopg.Connection[tuple[Any, ...]] | None = None
        self._writing = threading.Lock()
        self.reads: Engine = create_engine(
            self._url,
            pool_size=readers,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={"options": self._reading_options, "connect_timeout": 5},
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries, in one read-only transaction; `Unavailable` while the database is away."""
        try:
            with self.reads.connect() as connection:
                yield connection.execution_options(postgresql_readonly=True)
        except (AllInUse, InterfaceError, OperationalError) as error:
            raise Unavailable() from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A pooled connection in a transaction, for the small upkeep that is no command (sweeps, parked messages)."""
        with self.reads.begin() as connection:
            yield connection

    @contextmanager
    def batch(self) -> Iterator[Cursor]:
        """One batch's transaction on the writing connection; raises `Collision`, `Culprit` or `Away` for what went
        wrong.
        """
        with self._writing:
            try:
                connection = self._connected()
                with connection.transaction(), connection.cursor() as cursor:
                    yield cursor
            except psycopg.Error as error:
                self._drop_if_broken()
                raise meaning(error) from error

    def listener(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A new connection for LISTEN; it notices by itself when the server's machine is gone."""
        return psycopg.connect(self._plain_url, options=self._reading_options, autocommit=True, **ALIVE)

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._writer is None or self._writer.closed:
            self._writer = psycopg.connect(
                self._plain_url,
                options=self._writing_options,
                autocommit=True,
                prepare_threshold=2,
                connect_timeout=5,
                cursor_factory=psycopg.RawCursor,
            )
        return self._writer

    @property
    def _plain_url(self) -> str:
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _drop_if_broken(self) -> None:
        if self._writer is not None and (self._writer.broken or self._writer.closed):
            self._writer.close()
            self._writer = None

    def ping(self) -> None:
        """Raise `Away` unless the database answers."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except Exception as error:
            raise Away(str(error).splitlines()[0]) from error

    def close(self) -> None:
        """Give every connection back."""
        self.reads.dispose()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
