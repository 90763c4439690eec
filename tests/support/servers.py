"""One private RabbitMQ and one private PostgreSQL for a whole run, started when a test first asks for them.

They are always private, whatever AMQP_URL and DATABASE_URL say: tests kill them and drop what is in them.
"""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

VHOSTS_AT_ONCE = 8  # making one takes as long as making eight

_numbers = count(1)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[PrivateRabbitMQ]:
    """The run's RabbitMQ. For queues of one's own ask for `vhost`; to kill a broker start one of your own."""
    with PrivateRabbitMQ(tmp_path_factory.mktemp("rabbitmq"), say=say) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[PrivatePostgres]:
    """The run's PostgreSQL. For tables of one's own ask for `database`."""
    with PrivatePostgres(tmp_path_factory.mktemp("postgres"), say=say) as server:
        yield server


@pytest.fixture
def database(postgres: PrivatePostgres) -> Iterator[str]:
    """The URL of an empty database for this test."""
    yield from _fresh_database(postgres)


@pytest.fixture(scope="module")
def module_database(postgres: PrivatePostgres) -> Iterator[str]:
    """The URL of a database that the tests of one module share, empty at first."""
    yield from _fresh_database(postgres)


@pytest.fixture
def vhost(fresh_vhosts: Iterator[str]) -> str:
    """The URL of an empty virtual host for this test."""
    return next(fresh_vhosts)


@pytest.fixture(scope="module")
def module_vhost(fresh_vhosts: Iterator[str]) -> str:
    """The URL of a virtual host that the tests of one module share, empty at first."""
    return next(fresh_vhosts)


@pytest.fixture(scope="session")
def fresh_vhosts(broker: PrivateRabbitMQ) -> Iterator[str]:
    """URLs of virtual hosts that nobody has used; they go away with the broker."""
    return _vhosts(broker)


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Prints a line past pytest's capturing: a server's start is a long wait."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", end="", flush=True)

    return line


def _fresh_database(postgres: PrivatePostgres) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


def _vhosts(broker: PrivateRabbitMQ) -> Iterator[str]:
    while True:
        names = [f"test_{next(_numbers)}" for _ in range(VHOSTS_AT_ONCE)]
        broker.add_vhosts(*names)
        yield from map(broker.url_of, names)
