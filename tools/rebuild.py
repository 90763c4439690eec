"""`whistle rebuild`: supervision's cases, rulings and sums made again from its journal (重建案卷与指标).

The cases come from `entry` alone, what waits for a ruling and the sums from the cases and from their clocks, all in one
transaction. Meanwhile the service stands still by itself: this holds a lock on `case_file`, without which none of its
commands can begin, so its messages stay with the broker, requests are told to come back later, and lists go on with
what was. When this ends, however it ends, the lock is gone.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import typer
from psycopg import Cursor
from rich.progress import Progress
from sqlalchemy import Connection, func, select

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.entry import Entry
from services.supervision.domain.figures import of_case
from services.supervision.domain.folding import fold
from services.supervision.domain.ruling import Ruling, rulings
from services.supervision.store.tables import case_clocks, case_file, entry, ruling, tally
from shared.engine.work import Key
from shared.store.arrays import packed
from shared.store.changes import Changes
from shared.store.database import Database, execute
from shared.store.errors import Away, Collision
from shared.store.mapped import Mapped
from shared.store.reads import aggregate
from shared.store.statement import Writer

PORTION = 200  # cases in one transaction
PATIENCE = "10s"  # for the batch that the service is writing
FIRST = UUID(int=0)
OF_OTHERS = ("refusal.points",)  # sums that come from other rows than cases and clocks, and stay as they are

Told = Callable[[int], None]


class Rebuilt(NamedTuple):
    """How much was made again."""

    cases: int
    sums: int


class Busy(Exception):
    """The service could not be made to wait."""


def rebuild(database: Database, told: Told = lambda _cases: None, portion: int = PORTION) -> Rebuilt:
    """Make every case's file, what waits for a ruling and all sums again.

    `told` hears after each portion how many cases it held.
    """
    writer = Writer("supervision", [Mapped(CaseFile, case_file)], tally, Mapped(Ruling, ruling))
    counts: Counter[Key] = Counter()
    cases = 0
    with _standing_still(database) as cursor:
        execute(cursor, "DELETE FROM supervision.ruling")
        for ids in _portions(database, portion):
            files = _made_again(database, ids)
            clocks = _clocks(database, ids)
            _write(cursor, writer, ids, files, clocks)
            for file in files:
                counts.update(of_case(file, clocks.get(file.id, ())))
            cases += len(files)
            told(len(files))
        sums = _write_sums(cursor, writer, counts)
    return Rebuilt(cases, sums)


@contextmanager
def _standing_still(database: Database) -> Iterator[Cursor[Any]]:
    """The transaction of it all. As long as it lasts the service writes nothing: every command locks its case first."""
    with database.batch() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        try:
            cursor.execute("LOCK TABLE supervision.case_file IN EXCLUSIVE MODE")
        except psycopg.Error as error:
            raise Busy(f"supervision does not pause: {error}") from error
        yield cursor


def _portions(database: Database, size: int) -> Iterator[list[UUID]]:
    """The ids of all cases of which there is an entry, or a file that nothing speaks for, in their order."""
    last = FIRST
    while True:
        with database.read() as connection:
            found = [
                connection.scalars(select(column).distinct().where(column > last).order_by(column).limit(size)).all()
                for column in (entry.c.case_id, case_file.c.id)
            ]
        ids = sorted({id for one in found for id in one})[:size]
        if not ids:
            return
        yield ids
        last = ids[-1]


def _made_again(database: Database, ids: Sequence[UUID]) -> list[CaseFile]:
    """These cases as their entries tell of them."""
    journal: dict[UUID, list[Entry]] = {}
    wanted = select(entry).where(entry.c.case_id.in_(ids)).order_by(entry.c.case_id, entry.c.number)
    with database.read() as connection:
        for row in connection.execute(wanted).mappings():
            journal.setdefault(row["case_id"], []).append(aggregate(row, Entry))
    return [
        reduce(lambda file, one: fold(file, one.event, one.time), entries, CaseFile(id))
        for id, entries in journal.items()
    ]


def _clocks(database: Database, ids: Sequence[UUID]) -> Mapping[UUID, tuple[Clock, ...]]:
    with database.read() as connection:
        rows = connection.execute(select(case_clocks).where(case_clocks.c.id.in_(ids))).mappings()
        return {row["id"]: aggregate(row, CaseClocks).clocks for row in rows}


def _write(
    cursor: Cursor[Any],
    writer: Writer,
    ids: Sequence[UUID],
    files: Sequence[CaseFile],
    clocks: Mapping[UUID, tuple[Clock, ...]],
) -> None:
    """These cases' rows, whatever was there before, and what waits in them for a ruling."""
    execute(cursor, "DELETE FROM supervision.case_file WHERE id = ANY(%s::uuid[])", [packed("uuid", ids)])
    waiting = [rulings(file, clocks.get(file.id, ())) for file in files]
    listed = {key: row for of_case in waiting for key, row in of_case.items()}
    _compose(cursor, writer, Changes(new={CaseFile: list(files)} if files else {}, listed=listed))


def _write_sums(cursor: Cursor[Any], writer: Writer, counts: Counter[Key]) -> int:
    kept = ", ".join(f"'{figure}'" for figure in OF_OTHERS)
    execute(cursor, f"DELETE FROM supervision.tally WHERE figure NOT IN ({kept})")
    _compose(cursor, writer, Changes(counts=counts))
    return sum(amount != 0 for amount in counts.values())


def _compose(cursor: Cursor[Any], writer: Writer, changes: Changes) -> None:
    statement = writer.compose(changes)
    if statement.parts:
        execute(cursor, statement.sql(numbered=False), statement.parameters)


def main() -> None:
    """Rebuild with the service's own settings, and show how far it is."""
    url = os.environ.get("DATABASE_URL_SUPERVISION") or os.environ["DATABASE_URL"]
    database = Database(url, "supervision")
    try:
        with database.read() as connection, Progress() as progress:
            line = progress.add_task("cases", total=_how_many(connection))
            rebuilt = rebuild(database, lambda cases: progress.advance(line, cases))
    except (Busy, Away, Collision) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
    finally:
        database.close()
    print(f"{rebuilt.cases} cases, {rebuilt.sums} sums")


def _how_many(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(case_file)) or 0
