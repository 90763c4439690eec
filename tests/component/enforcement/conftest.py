"""Enforcement as its own process on a real PostgreSQL and RabbitMQ; dispatch and the directory are played."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.access.actor import Actor, Role
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.dispatch import AssignmentReportedInV1, CaseDispatchedV1, Summons
from shared.contracts.places import Place
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service

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


@dataclass
class Doors:
    """Enforcement's HTTP, asked by the people above, and dispatch at its other door."""

    service: OneService
    files: Path

    def ask(self, method: str, path: str, by: str = "", body: Any = None, **headers: str) -> Answer:
        """One request; `by` names one of the people, "" nobody; a file comes as bytes."""
        return self.service.ask(method, path, PEOPLE[by] if by else None, body, **headers)

    def done(self, method: str, path: str, by: str, body: Any = None, **headers: str) -> Any:
        """The body of a request that must succeed."""
        answer = self.ask(method, path, by, body, **headers)
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
        self.service.announce(*events)
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
    with one_service("enforcement", module_database, module_vhost, place) as service:
        service.announce(ReferencePublishedV1("officers", 1, OFFICERS))
        service.announce(ReferencePublishedV1("departments", 1, DEPARTMENTS))
        eventually(lambda: service.ask("GET", "/readyz").status == 200, what="the snapshots have arrived")
        yield Doors(service, place / "files" / "enforcement")
