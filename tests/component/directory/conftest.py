"""The directory on a real PostgreSQL, and its doors as a process of its own, without a broker."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.directory.town import read_town
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.support.asking import Answer, Client
from tests.support.example import EXAMPLE
from tests.support.one_service import running
from tools.load import load_town
from tools.servers.postgres import PrivatePostgres

NO_BROKER = "amqp://127.0.0.1:1//"
PASSWORD = "chunjiang-demo"


@dataclass
class Doors:
    """The directory's HTTP, asked by somebody who is logged in, or by nobody."""

    client: Client
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, by: str = "", body: Any = None, **headers: str) -> Answer:
        """One request; `by` is a login of the example town with its first password, "" for nobody."""
        return self.client.ask(method, path, self.token(by) if by else "", body, **headers)

    def log_in(self, login: str, password: str = PASSWORD, language: str = "en") -> Answer:
        """What POST /sessions says."""
        return self.ask("POST", "/sessions", body={"login": login, "password": password}, Accept_Language=language)

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
    place = tmp_path_factory.mktemp("directory")
    with running("directory", town_url, NO_BROKER, place) as url:
        yield Doors(Client(url), place / "directory.log")
