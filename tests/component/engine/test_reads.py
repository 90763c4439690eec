"""Reads while the database is away, or ends their connection."""

import pytest
from sqlalchemy import text

from shared.errors import Unavailable
from shared.store.database import Database
from tests.component.engine.conftest import Bench
from tools.servers.private import free_ports


def test_a_reader_is_asked_to_come_later_while_the_database_is_away() -> None:
    away = Database(f"postgresql://nobody@127.0.0.1:{free_ports(1)}/nothing", "ledger")
    with pytest.raises(Unavailable), away.read():
        pass


def test_a_reader_whose_connection_breaks_is_asked_to_come_later_and_the_next_one_is_served(bench: Bench) -> None:
    with pytest.raises(Unavailable), bench.database.read() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert bench.rows("SELECT 1") == [(1,)]


def test_a_fault_in_a_question_stays_a_fault(bench: Bench) -> None:
    with pytest.raises(Exception, match="nothing_of_the_kind"), bench.database.read() as connection:
        connection.execute(text("SELECT nothing_of_the_kind"))
