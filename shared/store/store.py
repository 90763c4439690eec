"""A service's tables as the engine sees them: a transaction that recalls, loads, and writes once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace
from psycopg import Cursor
from sqlalchemy import Table

from shared.store.arrays import Packed, packed
from shared.store.changes import Announced, Changes, Claim, Message, Position, Snapshot, Stream
from shared.store.database import Database, execute
from shared.store.errors import Collision
from shared.store.loading import Loader
from shared.store.mapped import Mapped
from shared.store.needs import Need
from shared.store.statement import Writer, behind


class Kept(NamedTuple):
    """A message that lies in the parking table: `state` is waiting (for an earlier one) or parked."""

    id: UUID
    state: str
    reason: str
    message: Message


class Store:
    """Where one service's engine keeps everything."""

    def __init__(
        self,
        database: Database,
        schema: str,
        aggregates: Mapping[type[Any], Table],
        tally: Table | None = None,
        listing: tuple[type[Any], Table] | None = None,
    ) -> None:
        mapped = [Mapped(kind, table) for kind, table in aggregates.items()]
        self._database = database
        self._schema = f'"{schema}"'
        self._loader = Loader(mapped)
        self._writer = Writer(schema, mapped, tally, Mapped(*listing) if listing else None)

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """One batch's transaction. Raises `Collision`, `Culprit` or `Away`; then nothing was written."""
        with self._database.batch() as cursor:
            yield Transaction(cursor, self._schema, self._loader, self._writer)


class Transaction:
    """What a batch may ask of the store, in this order: recall, follow, load, write."""

    def __init__(self, cursor: Cursor[Any], schema: str, loader: Loader, writer: Writer) -> None:
        self._cursor = cursor
        self._schema = schema
        self._loader = loader
        self._writer = writer

    def recall(self, keys: Sequence[str]) -> dict[str, Claim]:
        """What these requests were answered before."""
        execute(
            self._cursor,
            f"SELECT key, fingerprint, status, body FROM {self._schema}.inbox WHERE key = ANY(%s::text[])",
            [packed("text", keys)],
        )
        return {row[0]: Claim(*row) for row in self._cursor.fetchall()}

    def follow(self, streams: Iterable[Stream]) -> dict[Stream, Position]:
        """How far these streams were followed, locked until the end; a stream never met before is not in the answer."""
        ordered = sorted(streams)
        execute(
            self._cursor,
            f"SELECT c.publisher, c.subject, c.sequence, c.waiting FROM {self._schema}.cursor AS c "
            "JOIN unnest(%s::text[], %s::text[]) AS u(publisher, subject) USING (publisher, subject) "
            "ORDER BY c.publisher, c.subject FOR UPDATE OF c",
            _columns(ordered),
        )
        return {(row[0], row[1]): Position(row[2], row[3]) for row in self._cursor.fetchall()}

    def kept(self, streams: Sequence[Stream]) -> list[Kept]:
        """The messages of these streams that lie in the parking table, in their order."""
        execute(
            self._cursor,
            "SELECT p.id, p.state, p.reason, p.publisher, p.subject, p.sequence, p.body, p.queue "
            f"FROM {self._schema}.parked AS p "
            "JOIN unnest(%s::text[], %s::text[]) AS u(publisher, subject) USING (publisher, subject) "
            "WHERE p.sequence IS NOT NULL ORDER BY p.publisher, p.subject, p.sequence",
            _columns(streams),
        )
        return [
            Kept(id, state, reason, Message(publisher, subject, sequence, bytes(body), queue))
            for id, state, reason, publisher, subject, sequence, body, queue in self._cursor.fetchall()
        ]

    def load(self, needs: Iterable[Need]) -> dict[type[Any], list[Any]]:
        """Every aggregate that is needed, locked until the end."""
        return self._loader.load(self._cursor, needs)

    def versions(self) -> dict[str, int]:
        """The version of each snapshot that this service keeps."""
        execute(self._cursor, f"SELECT name, version FROM {self._schema}.reference")
        return dict(self._cursor.fetchall())

    def snapshots(self, names: Sequence[str]) -> list[Snapshot]:
        """These snapshots with their content."""
        execute(
            self._cursor,
            f"SELECT name, version, content FROM {self._schema}.reference WHERE name = ANY(%s::text[])",
            [packed("text", names)],
        )
        return [Snapshot(*row) for row in self._cursor.fetchall()]

    def write(self, changes: Changes) -> list[Announced]:
        """Write everything with one statement; the events come back numbered. `Collision` if a row is not as it was
        loaded.
        """
        statement = self._writer.compose(changes)
        if not statement.parts:
            return []
        execute(self._cursor, statement.sql(numbered=bool(changes.events)), statement.parameters)
        row: Any = self._cursor.fetchone()
        for written, expected in zip(row, statement.expected, strict=False):
            if expected not in (-1, written):
                raise Collision("a row was not as it was loaded")
        return _numbered(changes.events, row[-1]) if changes.events else []


def _columns(streams: Sequence[Stream]) -> list[Packed]:
    return [packed("text", [one for one, _ in streams]), packed("text", [subject for _, subject in streams])]


def _numbered(events: Sequence[Announced], last: Sequence[int]) -> list[Announced]:
    counts: dict[str, int] = {}
    for one in events:
        counts[one.subject] = counts.get(one.subject, 0) + 1
    lasts = dict(zip(sorted(counts), last, strict=True))
    return [
        replace(one, sequence=lasts[one.subject] - distance)
        for one, distance in zip(events, behind(events, counts), strict=True)
    ]
