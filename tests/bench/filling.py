"""Fills a database with copies of cases that were played: every table of every service, by COPY.

No column is named. A case's rows are whatever mentions it, or what belongs to it, in any table; `copies` makes them a
copy's own. A table is emptied and filled in one transaction, without its indexes, so that nothing of it goes to the
log; the indexes are made anew at the end.
"""

import time
from binascii import hexlify
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import psycopg
from psycopg import sql

from services.directory.town import Town
from tests.bench.copies import NUMBER, Copy, Sheet, Variety, ids_in, plain
from tests.support import questions
from tools.servers.postgres import plain as driverless

# Nothing of a case stays in these: answers, what is on its way or waits, and files that are not a case's own.
FLEETING = ("inbox", "unsent", "parked", "reference", "upload", "alembic_version")
# How long a case's rows stay in the tables that are cleared of old ones; less by what a case took, so that none is due.
STAYS = {"outbox": timedelta(days=78), "notification": timedelta(days=168), "delivery": timedelta(days=168)}
CLOSED_SINCE, OPEN_SINCE = timedelta(days=730), timedelta(days=21)
CLOSED_UNTIL, OPEN_UNTIL = timedelta(days=10), timedelta(minutes=30)
AT_ONCE = 500  # copies written together
PROCESSES = 2
SUMS = "supervision.tally (figure, month, department, area, category, amount)"

TABLES = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attidentity = '')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
   AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> ALL(%s)
 GROUP BY 1, 2 ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'x') ORDER BY contype
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
SPREAD_SUMS = """
INSERT INTO supervision.tally (figure, month, department, area, category, amount)
SELECT figure, CASE month WHEN '' THEN '' ELSE to_char(now() - nth * interval '1 month', 'YYYY-MM') END,
       CASE department WHEN '' THEN '' ELSE 'd' || mod(nth, 5) END,
       regexp_replace(regexp_replace(area, 'sanhe', 's' || street), '[a-z]{3,}$', 'c' || mod(nth, 10)),
       category, sum(amount) * %(times)s
  FROM pg_temp.tally, generate_series(0, 23) AS nth, generate_series(0, 9) AS street
 GROUP BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables of a service; what numbers itself is no column of COPY's."""

    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def full(self) -> str:
        """As SQL has it."""
        return f'"{self.schema}"."{self.name}"'

    @property
    def copied(self) -> sql.Composed:
        """Table and columns as COPY has them."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("{} ({})").format(sql.Identifier(self.schema, self.name), columns)


@dataclass(frozen=True, slots=True)
class Template:
    """One played case: its rows in each table, and the ids that no other case has."""

    case: bytes
    rows: Mapping[Table, bytes]
    own: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Templates:
    """What is copied, by how far the cases went, and the time at which they were read."""

    handled: Sequence[Template]  # 社区自办, archived
    whole: Sequence[Template]  # archived after three departments
    open: Sequence[Template]
    sums: bytes  # of supervision, over all of them
    read_at: datetime

    @property
    def tables(self) -> list[Table]:
        """All in which there is something to copy, the one with the most first."""
        size: dict[Table, int] = {}
        for template in (*self.handled, *self.whole, *self.open):
            for table, rows in template.rows.items():
                size[table] = size.get(table, 0) + len(rows)
        return sorted(size, key=lambda table: -size[table])


@dataclass(frozen=True, slots=True)
class Size:
    """How many closed cases, of which one in `whole_every` went the whole way, and how many open ones."""

    closed: int
    open: int
    whole_every: int

    @property
    def all(self) -> int:
        """Together."""
        return self.closed + self.open


def read(url: str, handled: Sequence[str], whole: Sequence[str], open: Sequence[str]) -> Templates:
    """These cases as templates, all they left behind in any table."""
    kinds = {"handled": handled, "whole": whole, "open": open}
    cases = {kind: [id.encode() for id in ids] for kind, ids in kinds.items()}
    rows = _rows_of(url, {case for of in cases.values() for case in of})
    ids = {case: ids_in(plain(b"".join(of.values()))) for case, of in rows.items()}
    owners: dict[bytes, int] = {}
    for found in ids.values():
        for id in found:
            owners[id] = owners.get(id, 0) + 1
    made = {
        kind: [Template(case, rows[case], frozenset(id for id in ids[case] if owners[id] == 1)) for case in of]
        for kind, of in cases.items()
    }
    with psycopg.connect(driverless(url)) as connection, connection.cursor().copy(f"COPY {SUMS} TO STDOUT") as copy:
        sums = b"".join(map(bytes, copy))
    return Templates(**made, sums=sums, read_at=datetime.now(UTC).replace(tzinfo=None))


def _rows_of(url: str, cases: set[bytes]) -> dict[bytes, dict[Table, bytes]]:
    """What mentions a case is the case's, and what mentions an id of that and no case."""
    found: dict[bytes, dict[Table, bytes]] = {case: {} for case in cases}
    left: list[tuple[Table, bytes, set[bytes]]] = []
    owner: dict[bytes, bytes] = {}
    with psycopg.connect(driverless(url)) as connection:
        for table in _tables(connection):
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table.copied)) as copy:
                for row in b"".join(map(bytes, copy)).splitlines(keepends=True):
                    ids = ids_in(plain(row))
                    if case := next(iter(ids & cases), None):
                        found[case][table] = found[case].get(table, b"") + row
                        owner |= dict.fromkeys(ids, case)
                    elif ids:
                        left.append((table, row, ids))
    for table, row, ids in left:
        if case := next((owner[id] for id in ids if id in owner), None):
            found[case][table] = found[case].get(table, b"") + row
    return found


def _tables(connection: psycopg.Connection[Any]) -> list[Table]:
    found = connection.execute(TABLES, [list(FLEETING)]).fetchall()
    return [Table(schema, name, tuple(columns)) for schema, name, columns in found]


def fill(url: str, templates: Templates, size: Size, variety: Variety) -> None:
    """So many cases in the tables of every service, analysed; the services must not run."""
    with psycopg.connect(driverless(url), autocommit=True) as connection:
        _set(connection, autovacuum="off", max_wal_size="8GB")
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        works = [pool.submit(_fill_table, url, table, templates, size, variety) for table in templates.tables]
        for work in works:
            work.result()
    with psycopg.connect(driverless(url), autocommit=True) as connection:
        _sum_up(connection, size, templates)
        _set(connection, autovacuum=None, max_wal_size=None)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _set(connection: psycopg.Connection[Any], **settings: str | None) -> None:
    """For the whole server; None for what it had before."""
    for name, value in settings.items():
        setting = sql.SQL("SET {} = {}" if value else "RESET {}").format(sql.Identifier(name), sql.Literal(value))
        connection.execute(sql.SQL("ALTER SYSTEM {}").format(setting))
    connection.execute("SELECT pg_reload_conf()")


def _fill_table(url: str, table: Table, templates: Templates, size: Size, variety: Variety) -> None:
    """All copies' rows of one table; a process of its own does it."""
    began = time.monotonic()
    with psycopg.connect(driverless(url)) as connection:
        connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
        connection.execute("SET LOCAL session_replication_role = replica")  # some tables refuse to be emptied
        connection.execute(f"TRUNCATE {table.full}")
        again = _without_indexes(connection, table)
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FREEZE)").format(table.copied)) as copy:
            for rows in _all_rows(table, templates, size, variety):
                copy.write(rows)
        copied = time.monotonic()
        for statement in again:
            connection.execute(statement)
    now = time.monotonic()
    print(f"  {table.full}: copied in {copied - began:.0f} s, indexed in {now - copied:.0f} s", flush=True)


def _without_indexes(connection: psycopg.Connection[Any], table: Table) -> list[str]:
    """Drop them; the statements that make them again."""
    again = []
    for name, definition in connection.execute(CONSTRAINTS, [table.full]).fetchall():
        connection.execute(f'ALTER TABLE {table.full} DROP CONSTRAINT "{name}"')
        again.append(f'ALTER TABLE {table.full} ADD CONSTRAINT "{name}" {definition}')
    for name, definition in connection.execute(INDEXES, [table.full]).fetchall():
        connection.execute(f"DROP INDEX {name}")
        again.append(definition)
    return again


def _all_rows(table: Table, templates: Templates, size: Size, variety: Variety) -> Iterator[bytes]:
    """In the order of their times, many copies at once."""
    sheets: dict[bytes, Sheet] = {}
    for is_open, kind in enumerate(([*templates.handled, *templates.whole], templates.open)):
        for one in kind:
            if table in one.rows:
                sheets[one.case] = Sheet(one.rows[table], one.own, templates.read_at if is_open else None)
    stays, some = STAYS.get(table.name, CLOSED_SINCE), []
    longest = stays // timedelta(minutes=1)
    for template, number, minutes in copies(templates, size):
        sheet = sheets.get(template.case)
        if sheet and minutes <= longest:
            copy = Copy(number, minutes, variety)
            some.append(_asked_for(sheet, template, copy) if number == size.all else sheet.say(copy))
            if len(some) == AT_ONCE:
                yield b"".join(some)
                some.clear()
    yield b"".join(some)


def copies(templates: Templates, size: Size) -> Iterator[tuple[Template, int, int]]:
    """What each copy is one of, its number, and its minutes back: closed over two years, open over three weeks."""
    handled, whole, still_open = templates.handled, templates.whole, templates.open
    for number, minutes in enumerate(_spread(size.closed, CLOSED_SINCE, CLOSED_UNTIL)):
        nth, rest = divmod(number, size.whole_every)
        yield (handled[number % len(handled)] if rest else whole[nth % len(whole)]), number + 1, minutes
    for number, minutes in enumerate(_spread(size.open, OPEN_SINCE, OPEN_UNTIL)):
        yield still_open[(number - size.open) % len(still_open)], size.closed + number + 1, minutes


def _spread(count: int, since: timedelta, until: timedelta) -> Iterator[int]:
    """Minutes ago, evenly."""
    first, last = since // timedelta(minutes=1), until // timedelta(minutes=1)
    return (first - (first - last) * number // count for number in range(count))


def _asked_for(sheet: Sheet, template: Template, copy: Copy) -> bytes:
    """The last copy, one of the last template, is the case that the questions ask for."""
    copy.cell = f"{questions.CELL}.c01".encode()
    id = b"%08x" % (int(template.case[:8], 16) ^ copy.mask) + template.case[8:]
    asked = str(questions.CASE).encode()
    rows = sheet.say(copy).replace(id, asked).replace(hexlify(id), hexlify(asked))
    return NUMBER.sub(questions.NUMBER.encode(), rows)


def _sum_up(connection: psycopg.Connection[Any], size: Size, templates: Templates) -> None:
    """Sums are not a case's: those of the templates, so much larger, over the months, streets and departments."""
    count = len(templates.handled) + len(templates.whole) + len(templates.open)
    with connection.transaction():
        connection.execute("CREATE TEMP TABLE tally ON COMMIT DROP AS SELECT * FROM supervision.tally")
        with connection.cursor().copy(f"COPY {SUMS.replace('supervision', 'pg_temp')} FROM STDIN") as copy:
            copy.write(templates.sums)
        connection.execute(SPREAD_SUMS, {"times": max(1, size.all // count // 1000)})


def megabytes(url: str) -> int:
    """What the database takes on disk."""
    with psycopg.connect(driverless(url)) as connection:
        row = connection.execute("SELECT pg_database_size(current_database()) / 1048576").fetchone()
    return int(row[0]) if row else 0


def variety_of(town: Town) -> Variety:
    """The town's own cells, departments and categories, and those that the questions ask for."""
    cells = [area.code for area in town.areas if area.level == "cell"]
    cells += [f"cj.s{nth // 20}.c{nth // 2 % 10}.g{nth % 2 + 1:02}.c01" for nth in range(200)]
    departments = [(one.code, f"officer.{one.code}", one.name) for one in town.departments if one.kind == "government"]
    departments += [(f"d{number}", f"p{number}", f"d{number}") for number in range(5)]
    categories = [one.code for one in town.categories] + [f"E{number}" for number in range(5)]
    return Variety(
        [cell.encode() for cell in cells],
        [(code.encode(), officer.encode(), name.encode()) for code, officer, name in departments],
        [code.encode() for code in categories],
        [b"joint_enforcement", b"daily", b"urgent"],
        [b"walk_in", b"phone"],
    )
