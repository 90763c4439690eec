"""The private PostgreSQL keeps what was committed."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.processes import running
from tools.servers.postgres import PrivatePostgres
from tools.servers.private import ServerFailed


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[PrivatePostgres]:
    with PrivatePostgres(tmp_path / "postgres") as server:
        yield server


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_a_committed_row_outlives_a_killed_postmaster(own_postgres: PrivatePostgres) -> None:
    """After SIGKILL nothing of the server runs; after the next start the row is there, at the same address."""
    url = own_postgres.url
    with connect(url) as connection:
        connection.execute("CREATE TABLE noted AS SELECT 'whistled' AS what")
    pids = own_postgres.pids()

    own_postgres.kill()
    assert not any(map(running, pids))

    own_postgres.start()
    with connect(url) as connection:
        assert connection.execute("SELECT what FROM noted").fetchall() == [("whistled",)]


def test_two_owners_never_share_a_directory(own_postgres: PrivatePostgres) -> None:
    """A second start in the same directory is refused, and the first goes on."""
    with pytest.raises(ServerFailed, match="another process uses"):
        PrivatePostgres(own_postgres.directory).start()

    connect(own_postgres.url).close()


def test_every_test_gets_an_empty_database(database: str, module_database: str) -> None:
    """The databases of the fixtures are different ones, and have no tables."""
    assert database != module_database
    with connect(database) as connection:
        tables = connection.execute("SELECT * FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []
