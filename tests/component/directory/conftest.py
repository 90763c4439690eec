"""The directory on a real PostgreSQL, and its doors as a process of its own, without a broker."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import create_engine, text

from shared.access.token import ensure_keys
from shared.store.database import Database
from shared.store.migrate import migrate
from tools.load import load_town
from tools.servers.postgres import PrivatePostgres
from tools.servers.private import free_ports
from tools.supervisor import Program, Supervisor
from tools.town import read_town

EXAMPLE = Path(__file__).parents[3] / "deploy" / "example-town"
NO_BROKER = "amqp://127.0.0.1:1//"
PASSWORD = "chunjiang-demo"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def slug(self) -> str:
        """The last part of a problem's type."""
        return str(self.body["type"]).removeprefix("/problems/")


@dataclass
class Doors:
    """The directory's HTTP, asked by somebody who is logged in, or by nobody."""

    url: str
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=24, retries=False, timeout=20.0)
    )

    def ask(
        self, method: str, path: str, by: str = "", body: Any = None, language: str = "en", **headers: str
    ) -> Answer:
        """One request; `by` is a login of the example town with its first password, "" for nobody."""
        said = {"Accept-Language": language, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if by:
            said["Authorization"] = f"Bearer {self.token(by)}"
        sent: dict[str, Any] = {} if body is None else {"json": body}
        answer = self.http.request(method, self.url + path, headers=said, **sent)
        return Answer(answer.status, answer.json() if answer.data else None, answer.headers)

    def log_in(self, login: str, password: str = PASSWORD, language: str = "en") -> Answer:
        """What POST /sessions says."""
        return self.ask("POST", "/sessions", body={"login": login, "password": password}, language=language)

    def token(self, login: str) -> str:
        """A token of this login, the same for the whole module."""
        if login not in self.tokens:
            self.tokens[login] = self.log_in(login).body["token"]
        return self.tokens[login]


@pytest.fixture(scope="package")
def example(postgres: PrivatePostgres) -> Iterator[str]:
    """The name of a database in which the directory holds the example town; to be copied only."""
    name = "directory_example"
    url = postgres.create_database(name)
    migrate("directory", url)
    database = Database(url, "directory", readers=1)
    load_town(database, read_town(EXAMPLE))
    database.close()
    yield name
    postgres.drop_database(name)


@pytest.fixture
def loaded(postgres: PrivatePostgres, example: str) -> Iterator[str]:
    """The URL of a database of this test's own in which the directory holds the example town."""
    yield postgres.create_database("directory_loaded", example)
    postgres.drop_database("directory_loaded")


@pytest.fixture(scope="package")
def town_url(postgres: PrivatePostgres, example: str) -> Iterator[str]:
    """The URL of the database behind the doors."""
    yield postgres.create_database("directory_doors", example)
    postgres.drop_database("directory_doors")


@pytest.fixture(scope="package")
def doors(town_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The directory's doors; its broker is away all the time."""
    with serving(tmp_path_factory.mktemp("directory"), town_url, NO_BROKER) as found:
        yield found


@contextmanager
def serving(place: Path, database_url: str, amqp_url: str) -> Iterator[Doors]:
    """The directory's service as a process of its own."""
    ensure_keys(place / "keys")
    url = f"http://127.0.0.1:{free_ports(1)}"
    env = {
        "AMQP_URL": amqp_url,
        "DATABASE_URL_DIRECTORY": database_url,
        "WHISTLE_PORT": url.rpartition(":")[2],
        "WHISTLE_KEYS": str(place / "keys"),
        "WHISTLE_FILES": str(place / "files"),
    }
    program = Program("directory", [sys.executable, "-m", "tools.serve", "directory"], f"{url}/readyz", env)
    with Supervisor([program], place, say=lambda _: None):
        yield Doors(url, place / "directory.log")


def rows(url: str, sql: str) -> list[Any]:
    """What lies in the tables."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(sql)).all())
    finally:
        engine.dispose()


def execute(url: str, sql: str) -> None:
    """Change what lies in the tables, as time or an accident would."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(sql))
    finally:
        engine.dispose()
