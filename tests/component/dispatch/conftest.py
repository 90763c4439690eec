"""Dispatch as a process of its own, on a real PostgreSQL and a real RabbitMQ; the test plays every other service."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import orjson
import pytest
import urllib3
from sqlalchemy import create_engine, text

from shared.access.actor import Actor, Role
from shared.access.token import Minter, ensure_keys
from shared.contracts import registry
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.intake import CaseWhistledV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.messaging.envelope import encode
from shared.messaging.parking import Post
from shared.messaging.topology import queue_name
from shared.messaging.wire import Wire
from shared.runtime.clock import now, uuid7
from shared.store.changes import Announced, Trace
from shared.store.migrate import migrate
from tests.support.eventually import eventually
from tests.unit.dispatch.samples import GATE, whistle
from tools.servers.postgres import PrivatePostgres
from tools.servers.private import free_ports
from tools.supervisor import Program, Supervisor
from tools.town import Town, read_town, to_snapshots

EXAMPLE = Path(__file__).parents[3] / "deploy" / "example-town"
REFERENCES = ("departments", "categories", "kinds", "responsibility")


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
class Office:
    """Dispatch's doors, and everybody who comes to them."""

    url: str
    database: str
    broker: str
    minter: Minter
    town: Town
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    last: dict[tuple[str, str], bytes] = field(default_factory=dict)
    http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=20.0, maxsize=50)
    )

    def actor(self, login: str) -> Actor:
        """Somebody of the example town."""
        person = next(one for one in self.town.people if one.id == login)
        return Actor(login, frozenset(map(Role, person.roles)), person.department or "", person.area or "")

    def ask(self, method: str, path: str, by: str = "", body: Any = None, **headers: str) -> Answer:
        """One request; `by` is a login of the example town, "" for nobody."""
        said = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if by:
            said["Authorization"] = f"Bearer {self.minter.mint(self.actor(by))[0]}"
        sent: dict[str, Any] = {} if body is None else {"json": body}
        answer = self.http.request(method, self.url + path, headers=said, **sent)
        return Answer(answer.status, answer.json() if answer.data else None, answer.headers)

    def get(self, path: str, by: str) -> Any:
        """What somebody reads."""
        answer = self.ask("GET", path, by)
        assert answer.status == 200, answer
        return answer.body

    def do(self, path: str, by: str, body: Any = None) -> Any:
        """What somebody does, successfully."""
        answer = self.ask("POST", path, by, body)
        assert answer.status in (200, 201), answer
        return answer.body

    def tell(self, *events: Any) -> None:
        """Another service announces these, each in the order of its stream."""
        with Post(self.broker) as post:
            for event in events:
                stream = event.publisher, _subject(event)
                self.told[stream] += 1
                self.last[stream] = self.message(event)
                post.put(self.last[stream], queue_name("dispatch", event.publisher))

    def message(self, event: Any) -> bytes:
        """The announcement at its stream's present place."""
        subject = _subject(event)
        sequence = self.told[event.publisher, subject]
        announced = Announced(uuid7(), event.type, subject, sequence, now(), Trace("test"), registry.encode(event))
        return encode(announced, event.publisher)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What lies in the tables."""
        engine = create_engine(self.database)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(sql), values).all())
        finally:
            engine.dispose()

    def let_pass(self, seconds: int, case: UUID) -> None:
        """Let so much time pass for the assignments of this case."""
        back = "UPDATE dispatch.assignment SET clock_from = clock_from - make_interval(secs => :seconds)"
        engine = create_engine(self.database)
        try:
            with engine.begin() as connection:
                connection.execute(text(f"{back} WHERE case_id = :case"), {"seconds": seconds, "case": case})
        finally:
            engine.dispose()

    def announced(self, case: UUID) -> list[tuple[str, Any]]:
        """What dispatch has announced about a case, in its order: types and contents."""
        wanted = "SELECT type, data FROM dispatch.outbox WHERE subject = :case ORDER BY sequence"
        found = self.rows(wanted, case=str(case))
        return [(type, orjson.loads(bytes(data))) for type, data in found]

    def types(self, case: UUID) -> list[str]:
        """The types of what was announced about a case."""
        return [type for type, _ in self.announced(case)]

    def hears(self, case: UUID, type: str, times: int = 1) -> Any:
        """Wait until dispatch has announced this so often about the case; the last one's content."""

        def heard() -> Any:
            found = [content for one, content in self.announced(case) if one == type]
            return found[-1] if len(found) >= times else None

        return eventually(heard, what=f"{type} about {case}")

    def blow(self, **fields: Any) -> "Summoned":
        """Intake blows a whistle; who was summoned, once that is announced."""
        told = whistle(**{"case_id": uuid7(), "whistled_at": now(), **fields})
        self.tell(told)
        return self.summoned(told, self.hears(told.case_id, "case.dispatched.v1"))

    def summoned(self, told: CaseWhistledV1, dispatched: Any) -> "Summoned":
        """The departments' assignments as they were announced."""
        return Summoned(self, told.case_id, {one["department"]: one["assignment_id"] for one in dispatched["summons"]})


@dataclass
class Summoned:
    """A case and its departments' assignments."""

    office: Office
    case: UUID
    ids: dict[str, str]

    def path(self, department: str, step: str = "") -> str:
        """Where this department's assignment, or a step of it, is asked for."""
        return f"/assignments/{self.ids[department]}{'/' if step else ''}{step}"

    def step(self, department: str, step: str, body: Any = None, by: str = "") -> Any:
        """Somebody, usually the department's officer, takes a step."""
        return self.office.do(self.path(department, step), by or f"officer.{department}", body)

    def work(self, *departments: str) -> None:
        """These departments sign, report in and start."""
        for department in departments:
            self.step(department, "signature")
            self.step(department, "report", {"longitude": GATE.longitude, "latitude": GATE.latitude})
            self.step(department, "start")

    def feed_back(self, *departments: str) -> None:
        """These departments feed back, in this order."""
        for department in departments:
            self.step(department, "feedback", {"measures": "漏点已修复，复查无渗漏"})

    def deliver(self) -> None:
        """Notice reports that all summonses lie in their inboxes."""
        self.office.tell(SummonsDeliveredV1(self.case, tuple(map(UUID, self.ids.values())), now()))
        eventually(lambda: all(self.show(department)["delivered_at"] for department in self.ids))

    def show(self, department: str, by: str = "dispatcher.chunjiang") -> Any:
        """The department's assignment."""
        return self.office.get(self.path(department), by)["assignment"]

    def state(self, by: str = "dispatcher.chunjiang") -> str:
        """The case's state."""
        return str(self.office.get(f"/cases/{self.case}", by)["case"]["state"])


def _subject(event: Any) -> str:
    return f"reference:{event.name}" if isinstance(event, ReferencePublishedV1) else str(event.case_id)


def take_all(url: str, queue: str) -> list[tuple[str, int, str]]:
    """Takes everything that lies in a queue: each message's type, sequence and subject."""
    wire = Wire(url, "test")
    try:
        found = []
        while message := wire.channel.basic_get(queue, no_ack=True):
            envelope = msgspec.json.decode(message.body)
            found.append((envelope["type"], envelope["sequence"], envelope["subject"]))
        return found
    finally:
        wire.close()


@pytest.fixture(scope="package")
def office(
    postgres: PrivatePostgres, fresh_vhosts: Iterator[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The service, up and with the example town's snapshots; all tests here share it, each with cases of its own."""
    database, broker = postgres.create_database("dispatch_office"), next(fresh_vhosts)
    migrate("dispatch", database)
    place = tmp_path_factory.mktemp("dispatch")
    ensure_keys(place / "keys")
    url = f"http://127.0.0.1:{free_ports(1)}"
    env = {
        "AMQP_URL": broker,
        "DATABASE_URL": database,
        "WHISTLE_PORT": url.rpartition(":")[2],
        "WHISTLE_KEYS": str(place / "keys"),
    }
    town = read_town(EXAMPLE)
    office = Office(url, database, broker, Minter(place / "keys"), town)
    snapshots = to_snapshots(town)
    office.tell(*(ReferencePublishedV1(name, 1, snapshots[name]) for name in REFERENCES))
    program = Program("dispatch", [sys.executable, "-m", "tools.serve", "dispatch"], f"{url}/readyz", env)
    with Supervisor([program], place, say=lambda _: None):
        yield office
    postgres.drop_database("dispatch_office")
