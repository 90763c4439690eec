"""Dispatch as a process of its own, on a real PostgreSQL and a real RabbitMQ; the test plays every other service."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.directory.town import Town, read_town, to_snapshots
from shared.access.actor import Actor
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.intake import CaseWhistledV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.messaging.wire import Wire
from shared.runtime.clock import now, uuid7
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.example import EXAMPLE, actor_of
from tests.support.one_service import OneService, one_service
from tests.support.queues import taken
from tests.unit.dispatch.samples import GATE, whistle
from tools.servers.postgres import PrivatePostgres

REFERENCES = ("departments", "categories", "kinds", "responsibility")


@dataclass
class Office:
    """Dispatch's doors, and everybody who comes to them."""

    service: OneService
    broker: str
    town: Town

    def actor(self, login: str) -> Actor:
        """Somebody of the example town."""
        return actor_of(self.town, login)

    def ask(self, method: str, path: str, by: str = "", body: Any = None, **headers: str) -> Answer:
        """One request; `by` is a login of the example town, "" for nobody."""
        return self.service.ask(method, path, self.actor(by) if by else None, body, **headers)

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
        self.service.announce(*events)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What lies in the tables."""
        return self.service.rows(sql, **values)

    def let_pass(self, seconds: int, case: UUID) -> None:
        """Let so much time pass for the assignments of this case."""
        back = "UPDATE dispatch.assignment SET clock_from = clock_from - make_interval(secs => :seconds)"
        self.service.execute(f"{back} WHERE case_id = :case", seconds=seconds, case=case)

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


def take_all(url: str, queue: str) -> list[tuple[str, int, str]]:
    """Takes everything that lies in a queue: each event's type, sequence and subject."""
    wire = Wire(url, "test")
    try:
        return [(one.type, one.sequence, one.subject) for one in taken(wire.channel, queue)]
    finally:
        wire.close()


@pytest.fixture(scope="package")
def office(
    postgres: PrivatePostgres, fresh_vhosts: Iterator[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The service, up and with the example town's snapshots; all tests here share it, each with cases of its own."""
    database, broker = postgres.create_database("dispatch_office"), next(fresh_vhosts)
    town = read_town(EXAMPLE)
    snapshots = to_snapshots(town)
    with one_service("dispatch", database, broker, tmp_path_factory.mktemp("dispatch")) as service:
        service.announce(*(ReferencePublishedV1(name, 1, snapshots[name]) for name in REFERENCES))
        eventually(lambda: service.ask("GET", "/readyz").status == 200, what="the snapshots have arrived")
        yield Office(service, broker, town)
    postgres.drop_database("dispatch_office")
