"""Each service's migrations make exactly its tables, take them away again, and give its role nothing of the others'."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from services.supervision.domain.case_clocks import CaseClocks
from shared.calendar import Span
from shared.store.database import driver_url, role_of
from shared.store.migrate import migrate
from shared.store.reads import aggregate
from tools.migrate import SERVICES
from tools.migrate import migrate as migrate_all

each_service = pytest.mark.parametrize("service", SERVICES)

LEFT_IN_SCHEMA = """
    SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = :schema\\:\\:regnamespace
     UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = :schema\\:\\:regnamespace
     UNION ALL SELECT 'type ' || typname FROM pg_type
         WHERE typnamespace = :schema\\:\\:regnamespace AND typrelid = 0 AND typelem = 0
"""
UNSENT_NOW = "SELECT sequence FROM closure.outbox JOIN closure.unsent USING (id, position)"
UNSENT_BEFORE = "SELECT sequence FROM closure.outbox WHERE sent_at IS NULL"
REACHED_BY_ROLE = """
    SELECT DISTINCT relnamespace\\:\\:regnamespace\\:\\:text FROM pg_class
     WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relnamespace\\:\\:regnamespace\\:\\:text = ANY(:schemas)
       AND CASE relkind WHEN 'S' THEN has_sequence_privilege(:role, oid, 'USAGE, SELECT, UPDATE')
           ELSE has_table_privilege(:role, oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') END
"""


CASE, LEAD, NOON = UUID(int=1), UUID(int=11), datetime(2026, 3, 2, 4, tzinfo=UTC)
CASE_FILE = {
    "id": CASE, "number": "SH-1", "channel": "walk_in", "kind": "daily", "category": "E06-01", "area": "cj.sanhe",
    "address": "", "summary": "", "author": "", "emergency": False, "state": "dispatched", "facts_rank": 1, "round": 1,
    "returns": 0, "failures": 0, "attempts": 0, "unreached": False, "escalated": "", "supervised": False, "sought": "",
    "first_at": NOON, "entries": 1, "version": 1, "departments": "[]", "waiting": "[]", "words": "[]",
    "standings": "[]", "verdicts": "[]", "parts": "[]", "running": "[]", "stopped": "[]", "overdue": "[]",
    "orders": "[]",
}  # fmt: skip
CLOCK = {
    "case_id": CASE, "area": "cj.sanhe", "category": "E06-01", "calendar": "N", "days": 0, "started_at": NOON,
    "extended_seconds": 0, "paused_seconds": 0, "version": 1,
}  # fmt: skip
CLOCKS = (
    {
        **CLOCK, "id": UUID(int=21), "name": "sign", "key": str(LEAD), "assignment_id": LEAD, "department": "zhujian",
        "unit": "zhujian", "kind": "daily", "seconds": 3600, "due_at": NOON + timedelta(hours=1), "provisional": False,
        "state": "stopped", "stopped_at": NOON + timedelta(hours=2), "in_time": False, "history": "[]",
        "steps": '[{"name": "overdue", "at": "2026-03-02T05:00:00Z", "percent": 0, "after": [0, 0],'
        ' "fired_at": "2026-03-02T05:00:00Z", "withdrawn": false}]',
    },
    {
        **CLOCK, "id": UUID(int=22), "name": "close", "key": "", "department": "", "unit": "", "kind": "",
        "seconds": 57600, "due_at": NOON + timedelta(hours=16), "provisional": True, "state": "running",
        "next_at": NOON + timedelta(hours=8),
        "history": '[{"at": "2026-03-02T04:00:00Z", "why": "extended", "due_before": "2026-03-02T04:00:00Z"}]',
        "steps": '[{"name": "warning", "at": "2026-03-02T12:00:00Z", "percent": 50, "after": [0, 0],'
        ' "fired_at": null, "withdrawn": false}, {"name": "street", "at": "2026-03-03T20:00:00Z", "percent": 0,'
        ' "after": [1, 0], "fired_at": null, "withdrawn": false}]',
    },
)  # fmt: skip


def insert(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    """One row."""
    names = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


@contextmanager
def connected(database: str) -> Iterator[Connection]:
    """A connection of the one who migrates."""
    engine = create_engine(driver_url(database), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def differences(database: str, service: str) -> list[Any]:
    """What Alembic would change to make the schema equal the tables."""
    metadata: MetaData = importlib.import_module(f"services.{service}.store.tables").metadata
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == service,
        "version_table_schema": service,
        "compare_type": True,
        "compare_server_default": True,
    }
    with connected(database) as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@each_service
def test_the_migrations_make_the_tables(database: str, service: str) -> None:
    """From nothing, and again after everything was taken away."""
    for revision in ("head", "base", "head"):
        migrate(service, database, revision)
        assert bool(differences(database, service)) is (revision == "base")


@each_service
def test_migrating_down_leaves_nothing(database: str, service: str) -> None:
    """No table, index, sequence, function or type; only Alembic's own, empty table."""
    migrate(service, database)
    migrate(service, database, "base")
    with connected(database) as connection:
        left = set(connection.scalars(text(LEFT_IN_SCHEMA), {"schema": service}))
        assert {one for one in left if "alembic_version" not in one} == set()
        assert connection.scalar(text(f'SELECT count(*) FROM "{service}".alembic_version')) == 0


def test_what_is_unsent_stays_unsent_when_its_table_comes_and_goes(database: str) -> None:
    """And what was sent stays sent."""
    outbox = "closure.outbox (id, type, subject, sequence, time, correlation, causation, traceparent, data, sent_at)"
    values = "gen_random_uuid(), 't', 's', :sequence, now(), '', '', '', '', :sent"
    migrate("closure", database, "0002")
    with connected(database) as connection, connection.begin():
        for sequence, sent in ((1, "2026-03-02T04:00:00Z"), (2, None)):
            connection.execute(text(f"INSERT INTO {outbox} VALUES ({values})"), {"sequence": sequence, "sent": sent})
    migrate("closure", database, "0003")
    with connected(database) as connection:
        assert list(connection.scalars(text(UNSENT_NOW))) == [2]
    migrate("closure", database, "-1")
    with connected(database) as connection:
        assert list(connection.scalars(text(UNSENT_BEFORE))) == [2]


@pytest.fixture(scope="module")
def whole_database(module_database: str) -> str:
    """The database with every service's schema in it."""
    migrate_all(url=module_database, say=lambda _: None)
    return module_database


@each_service
def test_a_services_role_reaches_no_other_services_schema(whole_database: str, service: str) -> None:
    """No table, no sequence, nothing."""
    with connected(whole_database) as connection:
        reached = connection.scalars(text(REACHED_BY_ROLE), {"role": role_of(service), "schemas": list(SERVICES)})
        assert set(reached) == {service}


@each_service
def test_a_services_role_reads_its_own_rows_and_is_refused_the_others(whole_database: str, service: str) -> None:
    """As the database itself says it; nor may it change its own tables' shape."""
    other = next(one for one in SERVICES if one != service)
    with connected(whole_database) as connection:
        connection.execute(text(f"SET ROLE {role_of(service)}"))
        connection.commit()
        assert connection.scalar(text(f'SELECT count(*) FROM "{service}".outbox')) == 0
        for refused in (f'SELECT 1 FROM "{other}".outbox', f'DROP TABLE "{service}".outbox'):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                connection.execute(text(refused))
            connection.rollback()


def test_a_cases_clocks_come_together_in_a_row_and_apart_again(database: str) -> None:
    """With what each has told and will tell, and what the case had before is what it has after."""
    migrate("supervision", database, "0004")
    with connected(database) as connection:
        insert(connection, "supervision.case_file", CASE_FILE)
        for clock in CLOCKS:
            insert(connection, "supervision.clock", clock)
        connection.commit()
        before = sorted(connection.execute(text("SELECT c::text FROM supervision.clock c")).scalars())
    migrate("supervision", database, "0005")
    with connected(database) as connection:
        row = connection.execute(text("SELECT * FROM supervision.case_clocks")).mappings().one()
        found = aggregate(row, CaseClocks)
    assert (found.id, found.next_at, found.provisional) == (CASE, NOON + timedelta(hours=8), True)
    sign, close = sorted(found.clocks, key=lambda one: one.name, reverse=True)
    assert (sign.in_time, sign.breached, sign.next_at, sign.assignment_id) == (False, True, None, LEAD)
    assert (close.blind, close.next_at, close.steps[1].after) == (True, found.next_at, Span(1, 0))
    assert close.history[0].due_before == NOON
    migrate("supervision", database, "-1")
    with connected(database) as connection:
        assert sorted(connection.execute(text("SELECT c::text FROM supervision.clock c")).scalars()) == before
