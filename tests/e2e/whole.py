"""The whole system as an operator has it in hand: people at one address, processes, servers, tables and logs."""

import os
import re
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import amqp
import orjson
from sqlalchemy import create_engine, text

from shared.messaging.wire import Wire
from tests.support.eventually import eventually
from tools.client import Api, Json, Person
from tools.reckoning import arrived
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ
from tools.story.acting import SITE
from tools.story.asking import CLERK, LEAKING, REVIEWER, complaint
from tools.story.stage import PASSWORD, Stage
from tools.system import SERVICES, System

RABBITMQ, POSTGRES = "rabbitmq", "postgres"
DEPARTMENTS = ("chengguan", "shichang", "zhujian")  # whom the story's whistle summons
REPORT = {"channel": "phone", "category": LEAKING, "place": SITE, "description": "饭店漏水到入户大厅"}


@dataclass
class Watched(Api):
    """The API, seen by somebody who knows what is being asked right now."""

    asking: str = ""

    def ask(self, method: str, path: str, body: Json = None, **options: Any) -> tuple[int, Json]:
        """See `Api`."""
        self.asking = path
        try:
            return super().ask(method, path, body, **options)
        finally:
            self.asking = ""


class Whole:
    """A running system. `said` collects what its supervisor tells the operator."""

    def __init__(self, system: System, said: list[str]) -> None:
        assert system.broker is not None
        assert system.postgres is not None
        self.system = system
        self.said = said
        self.api = Watched(system.url)
        self.broker: PrivateRabbitMQ = system.broker
        self.postgres: PrivatePostgres = system.postgres
        self.engine = create_engine(system.database_url, pool_pre_ping=True)
        self.people: dict[str, Person] = {}  # logged in once for all tests
        self._frozen: dict[str, list[int]] = {}

    # --- people

    def person(self, login: str) -> Person:
        """Somebody of the example town."""
        return self.people.setdefault(login, self.api.person(login, PASSWORD))

    def token(self, login: str) -> str:
        """Their token, for requests that must not be tried again."""
        person = self.person(login)
        if not person.token:
            person.get("/api/directory/me")
        return person.token

    def register(self) -> Json:
        """The story's complaint as a registered case."""
        return complaint(Stage(self.api, say=lambda _line: None, people=self.people))

    def whistle(self) -> Json:
        """A case whose whistle was just blown; nobody waits for what follows from it."""
        case = self.register()
        self.person(CLERK).post(f"/api/intake/cases/{case['id']}/submission")
        self.person(REVIEWER).post(f"/api/intake/cases/{case['id']}/whistle")
        return case

    def inboxes(self, case: Json) -> dict[str, int]:
        """How many summonses for this case each department finds in its inbox."""
        found = {}
        for department in DEPARTMENTS:
            inbox = self.person(f"officer.{department}").get("/api/notice/summonses?limit=200")["items"]
            found[department] = sum(one["case_id"] == case["id"] for one in inbox)
        return found

    # --- processes

    def pid(self, name: str) -> int:
        """The process of a service, or RabbitMQ's beam."""
        return self._processes(name)[0]

    def pids(self) -> dict[str, int]:
        """The process of every service."""
        return {name: self.pid(name) for name in SERVICES}

    def _processes(self, name: str) -> list[int]:
        if name == POSTGRES:
            return self.postgres.pids()
        return [self.broker.pids()[0] if name == RABBITMQ else self.system.supervisor.pid(name)]

    def freeze(self, name: str) -> None:
        """Let a service, RabbitMQ or PostgreSQL stand still; what is sent to it waits in its sockets."""
        self._frozen[name] = self._processes(name)
        for pid in self._frozen[name]:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on, if it lives."""
        for pid in set(self._frozen.pop(name, [])).intersection(self._processes(name)):
            os.kill(pid, signal.SIGCONT)

    def kill(self, name: str) -> None:
        """`kill -9`, also of what stands still; a service comes back by itself, RabbitMQ is started again."""
        self._frozen.pop(name, None)
        if name == RABBITMQ:
            self.broker.kill()
            self.broker.start()
        else:
            before = self.pid(name)
            self.system.supervisor.kill(name)
            eventually(lambda: self.pid(name) != before, 40, f"{name} is started again", 0.02)

    def serves(self, *services: str) -> None:
        """Wait until these services, or all, are ready."""
        for name in services or SERVICES:
            eventually(lambda name=name: self.system.supervisor.ready(name), 60, f"{name} serves")  # type: ignore[misc]  # binds this round's name

    def recover(self) -> None:
        """Everything runs and serves, whatever a test has left."""
        for name in list(self._frozen):
            self.thaw(name)
        self.postgres.start()
        self.broker.start()
        self.serves()

    def ended_well(self, name: str) -> int:
        """How often this process has ended in good order so far."""
        return self.said.count(f"{name}: ended (exit code 0), again in 0.5 s")

    def is_closed(self, name: str) -> bool:
        """Whether its door is closed."""
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", self.system.ports[name])) != 0

    # --- what can be seen from outside

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What lies in the tables."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def count(self, sql: str, **values: Any) -> int:
        """One number from the tables."""
        return int(self.rows(sql, **values)[0][0])

    def events(self, case_id: UUID) -> Counter[str]:
        """Everything that was announced about a case: how often each service announced each type."""
        publishers = [name for name in SERVICES if name != "gateway"]
        parts = (f"SELECT '{name} ' || type FROM {name}.outbox WHERE subject = :subject" for name in publishers)
        return Counter(event for (event,) in self.rows(" UNION ALL ".join(parts), subject=str(case_id)))

    def announced(self, publisher: str, event: str, *, confirmed: bool) -> int:
        """How many events of a type the broker has confirmed, or has not."""
        sql = (
            f"SELECT count(*) FROM {publisher}.outbox LEFT JOIN {publisher}.unsent USING (position) "
            "WHERE type = :type AND (unsent.id IS NULL) = :confirmed"
        )
        return self.count(sql, type=event, confirmed=confirmed)

    def settled(self, within: float = 60.0) -> None:
        """Wait until everything that was announced has taken effect everywhere; nothing is unsent or parked."""
        found = arrived(self.system.database_url, within=within)
        told = f"{found.unsent} unsent, {found.parked} parked, {len(found.gaps)} missing: {found.gaps[:3]}"
        assert found.settled, told

    def health(self, service: str, path: str) -> tuple[int, Json]:
        """What a service says of itself under /livez or /readyz."""
        return Api(self.system.address(service), self.api.http).ask("GET", path)

    def metric(self, service: str, name: str, absent: float | None = None) -> float:
        """One number from a service's /metrics; `absent` where it has none yet and may have none."""
        page = self.api.http.request("GET", f"{self.system.address(service)}/metrics").data.decode()
        found = re.search(rf"^{name} (\S+)$", page, re.MULTILINE)
        number = found[1] if found else absent
        assert number is not None, f"{service} has no {name}"
        return float(number)

    def logged(self, service: str, event: str) -> list[dict[str, Any]]:
        """The lines in which a service logged this."""
        lines = (self.system.directory / "log" / f"{service}.log").read_bytes().splitlines()
        read = [orjson.loads(line) for line in lines if line.startswith(b"{")]
        return [line for line in read if line["event"] == event]

    # --- the broker's queues

    @contextmanager
    def wire(self) -> Iterator[Wire]:
        """A connection to the broker."""
        wire = Wire(self.system.amqp_url, "test")
        try:
            yield wire
        finally:
            wire.close()

    def ready(self, queue: str) -> int:
        """How many messages lie in a queue and are with nobody."""
        with self.wire() as wire:
            return int(wire.channel.queue_declare(queue, passive=True).message_count)

    def consumed(self, queue: str) -> bool:
        """Whether the queue is there and somebody consumes it."""
        with self.wire() as wire, suppress(amqp.NotFound):
            return bool(wire.channel.queue_declare(queue, passive=True).consumer_count)
        return False

    def delete_queue(self, queue: str) -> int:
        """Delete a queue; how many messages were ready in it."""
        with self.wire() as wire:
            return int(wire.channel.queue_delete(queue))
