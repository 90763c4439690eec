"""The whole system on one machine: both servers, the example town, every service; for run, demo, tests and bench."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tools.child import ProgramFailed
from tools.nursery import Nursery
from tools.servers.postgres import PrivatePostgres
from tools.servers.private import free_ports
from tools.servers.rabbitmq import PrivateRabbitMQ
from tools.supervisor import Program, Supervisor

SERVICES = ("directory", "intake", "dispatch", "enforcement", "closure", "notice", "supervision", "gateway")
EXAMPLE_TOWN = Path(__file__).parent.parent / "deploy" / "example-town"


class System:
    """Everything, in `directory`. As a context it starts and, in the reverse order, stops all that it started.

    `amqp_url` and `database_url` name servers that run already; without them private ones are started. A later start in
    the same directory goes on with the same data and the same address.
    """

    def __init__(
        self,
        directory: Path,
        *,
        amqp_url: str = "",
        database_url: str = "",
        town: Path = EXAMPLE_TOWN,
        services: tuple[str, ...] = SERVICES,
        env: dict[str, str] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.directory = directory.resolve()
        self.amqp_url = amqp_url
        self.database_url = database_url
        self.broker: PrivateRabbitMQ | None = None
        self.postgres: PrivatePostgres | None = None
        self._town = town
        self.services = services
        self._env = env or {}
        self._say = say
        self._started = ExitStack()

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:
            self._started.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    @property
    def url(self) -> str:
        """Where people and programs come in."""
        return self.address("gateway")

    def address(self, service: str) -> str:
        """Where one service, or one replica of it, answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def replica(self, service: str, number: int) -> Program:
        """One more process of a running service, for a `Supervisor` of its own: `dispatch-2`.

        It has its own port (see `address`), log and health; the others know of the first one's address only.
        """
        name = f"{service}-{number}"
        self.ports.setdefault(name, free_ports(1))
        return self._program(service, name)

    def _start(self) -> None:
        self._begin_broker()  # it takes its time, which the rest uses
        self.nursery = self._started.enter_context(Nursery(self.directory / "log" / "nursery.log"))
        if not self.database_url:
            self.postgres = self._started.enter_context(PrivatePostgres(self.directory / "postgres", say=self._say))
            self.database_url = self.postgres.url
        self._prepare()
        if self.broker:
            self.broker.start()
        self.ports = _ports(self.directory / "ports", self.services)
        self.supervisor = Supervisor([self._program(one) for one in self.services], self.directory / "log", self._say)
        self._started.enter_context(self.supervisor)

    def _begin_broker(self) -> None:
        if self.amqp_url:
            return
        self.broker = PrivateRabbitMQ(self.directory / "rabbitmq", say=self._say)
        self._started.callback(self.broker.stop)
        self.broker.begin()
        self.amqp_url = self.broker.url

    def _prepare(self) -> None:
        env = {**os.environ, "DATABASE_URL": self.database_url, "WHISTLE_KEYS": str(self.directory / "keys")}
        command = [sys.executable, "-m", "tools.prepare", str(self._town)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            self._say(line)
        if done.returncode:
            raise ProgramFailed(f"the system could not be prepared:\n{done.stderr}")

    def _program(self, service: str, name: str = "") -> Program:
        name = name or service
        start = self.nursery.service(service, self.environment(name))
        return Program(name, start, f"{self.address(name)}/readyz")

    def environment(self, name: str) -> dict[str, str]:
        """What the process of this name, a service's, is told."""
        return {
            "AMQP_URL": self.amqp_url,
            "DATABASE_URL": self.database_url,
            "WHISTLE_PORT": str(self.ports[name]),
            "WHISTLE_SERVICES": ",".join(f"{one}={self.address(one)}" for one in self.services if one != "gateway"),
            "WHISTLE_KEYS": str(self.directory / "keys"),
            "WHISTLE_FILES": str(self.directory / "files"),
            **self._env,
        }


def _ports(remembered: Path, services: tuple[str, ...]) -> dict[str, int]:
    """A free port for each service, the same as last time if they are still free."""
    known = dict(line.split() for line in remembered.read_text().splitlines()) if remembered.exists() else {}
    with ExitStack() as held:
        ports = {service: _free_port(int(known.get(service, 0)), held) for service in services}
    remembered.write_text("".join(f"{service} {port}\n" for service, port in ports.items()))
    return ports


def _free_port(wanted: int, held: ExitStack) -> int:
    for port in (wanted, 0):
        probe = held.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return int(probe.getsockname()[1])
    raise OSError("no port is free")


def from_environment(directory: Path, say: Callable[[str], None] = print) -> System:
    """The system as AMQP_URL and DATABASE_URL say."""
    amqp_url, database_url = os.environ.get("AMQP_URL", ""), os.environ.get("DATABASE_URL", "")
    return System(directory, amqp_url=amqp_url, database_url=database_url, say=say)
