"""Enforcement as its own process on a real PostgreSQL and RabbitMQ; dispatch and the directory are played."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import urllib3
from sqlalchemy import create_engine, text

from shared.access.actor import Actor, Role
from shared.access.token import Minter, ensure_keys
from shared.contracts import registry
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.dispatch import AssignmentReportedInV1, CaseDispatchedV1, Summons
from shared.contracts.places import Place
from shared.messaging.envelope import encode
from shared.messaging.parking import Post
from shared.messaging.topology import queue_name
from shared.store.changes import Announced, Trace
from shared.store.migrate import migrate
from tests.support.eventually import eventually
from tools.servers.private import free_ports
from tools.supervisor import Program, Supervisor

AREA = "cj.sanhe.honghu.g1"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

OFFICERS = [
    {"id": id, "department": department, "certificate": certificate}
    for id, department, certificate in [
        ("chen", "chengguan", "ZF-001"),
        ("lin", "chengguan", "ZF-002"),
        ("wu", "chengguan", "ZF-003"),
        ("gao", "shichang", "ZF-004"),
        ("he", "shichang", "ZF-005"),
    ]
]
DEPARTMENTS = [{"code": "chengguan"}, {"code": "shichang"}, {"code": "zhujian"}]

PEOPLE = {
    **{row["id"]: Actor(row["id"], frozenset({Role.OFFICER}), row["department"], "cj") for row in OFFICERS},
    "street": Actor("street", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe"),
    "elsewhere": Actor("elsewhere", frozenset({Role.SUPERVISOR}), "jiedao2", "cj.other"),
    "clerk": Actor("clerk", frozenset({Role.INTAKE_CLERK}), "shequ", "cj.sanhe.honghu"),
}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content: bytes
    headers: Any
    body: Any

    @property
    def slug(self) -> str:
        """The last part of a problem's type."""
        return str(self.body["type"]).removeprefix("/problems/")


@dataclass
class Others:
    """What other services announce; every subject's events are numbered."""

    broker: str
    sequences: dict[tuple[str, str], int] = field(default_factory=dict)

    def announce(self, *events: Any) -> None:
        """Put these events where enforcement follows their publishers."""
        with Post(self.broker) as post:
            for event in events:
                subject = f"reference:{event.name}" if isinstance(event, ReferencePublishedV1) else str(event.case_id)
                stream = (event.publisher, subject)
                number = self.sequences[stream] = self.sequences.get(stream, 0) + 1
                announced = Announced(uuid4(), event.type, subject, number, NOON, Trace(), registry.encode(event))
                post.put(encode(announced, event.publisher), queue_name("enforcement", event.publisher))


@dataclass
class Doors:
    """Enforcement's HTTP, asked by somebody with a token."""

    url: str
    minter: Minter
    others: Others
    database: str
    files: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=20.0))

    def ask(
        self, method: str, path: str, by: str = "", body: Any = None, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """One request; `by` names one of the people, "" nobody; `raw` is a file as the body."""
        said = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if by:
            said["Authorization"] = f"Bearer {self.token(by)}"
        sent: dict[str, Any] = {} if body is None else {"json": body}
        if raw is not None:
            said = {"Content-Type": "application/octet-stream", **said}
            sent = {"body": raw}
        answer = self.http.request(method, self.url + path, headers=said, **sent)
        told = answer.headers.get("Content-Type", "").partition(";")[0].endswith("json") and answer.data
        return Answer(answer.status, answer.data, answer.headers, answer.json() if told else None)

    def token(self, by: str) -> str:
        """A token of this person."""
        return self.minter.mint(PEOPLE[by])[0]

    def done(self, method: str, path: str, by: str, body: Any = None, **more: Any) -> Any:
        """The body of a request that must succeed."""
        answer = self.ask(method, path, by, body, **more)
        assert answer.status in (200, 201), (answer.status, answer.body)
        return answer.body

    def summon(self, *departments: str, reported_in: bool = True) -> dict[str, UUID]:
        """Dispatch a new case to these departments, which report in; each one's assignment."""
        case = uuid4()
        parts = {one: uuid4() for one in departments}
        summons = tuple(Summons(id, one, one, "lead", 600) for one, id in parts.items())
        place = Place(AREA, 120.155, 30.274, "西湖春天 3 幢")
        events: list[Any] = [CaseDispatchedV1(case, "CJ-1", "joint", "loushui", place, "漏水", summons, "", NOON)]
        if reported_in:
            events += [
                AssignmentReportedInV1(case, id, one, "somebody", 12.0, False, NOON) for one, id in parts.items()
            ]
        self.others.announce(*events)
        return parts

    def open(
        self, by: str = "chen", officers: tuple[str, ...] = ("chen", "lin"), assignment: UUID | None = None
    ) -> Any:
        """A new record, as soon as enforcement knows the assignment."""
        wanted = assignment or self.summon(PEOPLE[by].department)[PEOPLE[by].department]
        body = {"assignment_id": str(wanted), "officers": list(officers)}

        def opened() -> Any:
            answer = self.ask("POST", "/records", by, body)
            assert answer.status == 201, (answer.status, answer.body)
            return answer.body

        return eventually(opened, what="the assignment has reported in")


@pytest.fixture(scope="module")
def doors(module_database: str, module_vhost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The running service, which knows the officers and departments of the town."""
    place = tmp_path_factory.mktemp("enforcement")
    migrate("enforcement", module_database)
    ensure_keys(place / "keys")
    url = f"http://127.0.0.1:{free_ports(1)}"
    env = {
        "AMQP_URL": module_vhost,
        "DATABASE_URL": module_database,
        "WHISTLE_PORT": url.rpartition(":")[2],
        "WHISTLE_KEYS": str(place / "keys"),
        "WHISTLE_FILES": str(place / "files"),
    }
    others = Others(module_vhost)
    others.announce(ReferencePublishedV1("officers", 1, OFFICERS), ReferencePublishedV1("departments", 1, DEPARTMENTS))
    program = Program("enforcement", [sys.executable, "-m", "tools.serve", "enforcement"], f"{url}/readyz", env)
    with Supervisor([program], place, say=lambda _: None):
        yield Doors(url, Minter(place / "keys"), others, module_database, str(place / "files" / "enforcement"))


def rows(url: str, sql: str) -> list[Any]:
    """What lies in the tables."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(sql)).all())
    finally:
        engine.dispose()
