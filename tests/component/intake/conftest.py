"""Intake as a process of its own in the example town; the test plays everybody around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely

from services.directory.town import Town, read_town, to_snapshots
from services.intake.domain.town import SNAPSHOTS
from shared.access.actor import Actor
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.dispatch import CaseDispatchedV1, Summons
from shared.contracts.places import Place
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.example import EXAMPLE, actor_of
from tests.support.one_service import OneService, one_service
from tests.support.samples import photo
from tools.servers.postgres import PrivatePostgres

CELL = "cj.sanhe.honghu.g03.c09"
REPORTER = {"name": "张建国", "phone": "138 0013 8000", "address": "西湖春天9栋301"}
SECRETS = ("张建国", "13800138000", "138 0013 8000", "9栋301")

_colours = count()


@dataclass
class Desk:
    """Intake's desk, with everybody of the example town before and behind it."""

    intake: OneService
    town: Town
    log: Path
    photos: list[str] = field(default_factory=list)

    def actor(self, login: str) -> Actor:
        """Somebody of the example town."""
        return actor_of(self.town, login)

    def ask(self, method: str, path: str, by: str = "", body: Any = None, **headers: str) -> Answer:
        """One request; `by` is a login, "" for a resident."""
        return self.intake.ask(method, path, self.actor(by) if by else None, body, **headers)

    def point(self, area: str = CELL) -> dict[str, float]:
        """A point in this area."""
        boundary = next(one.boundary for one in self.town.areas if one.code == area)
        inside = shapely.point_on_surface(boundary)
        return {"longitude": inside.x, "latitude": inside.y}

    def upload(self, by: str = "", content: bytes = b"") -> str:
        """A photo that nobody has sent before; its digest."""
        content = content or photo(f"#{next(_colours) * 0x2D4B59 % 0x1000000:06x}")
        answer = self.ask("POST", "/attachments", by, content, Content_Type="image/jpeg")
        assert answer.status == 201, answer.body
        return str(answer.body["sha256"])

    def report(self, by: str = "clerk.honghu", **said: Any) -> dict[str, Any]:
        """What a clerk says when registering the leak of the story."""
        return {
            "channel": "walk_in",
            "category": "E06-01",
            "place": {**self.point(), "address": "西湖春天小区入口大厅"},
            "description": "我是张建国，二楼饭店厕所漏水到大厅，回电13800138000",
            "reporter": REPORTER,
            "tried": "张先生和社区两次要求店主维修，店主拒绝",
            "attachments": [self.upload(by)],
            **said,
        }

    def register(self, by: str = "clerk.honghu", **said: Any) -> dict[str, Any]:
        """A registered case."""
        answer = self.ask("POST", "/cases", by, self.report(by, **said))
        assert answer.status == 201, answer.body
        registered: dict[str, Any] = answer.body
        return registered

    def do(self, what: str, case_id: str, by: str, body: Any = None, **headers: str) -> Answer:
        """Something that is done to a case."""
        return self.ask("POST", f"/cases/{case_id}/{what}", by, body, **headers)

    def must(self, what: str, case_id: str, by: str, body: Any = None) -> dict[str, Any]:
        """The same, done."""
        answer = self.do(what, case_id, by, body)
        assert answer.status == 200, answer.body
        done: dict[str, Any] = answer.body
        return done

    def whistle(self, **said: Any) -> dict[str, Any]:
        """A case that the community submitted and the street whistled; with its tracking code."""
        case = self.register(**said)
        self.must("submission", case["id"], "clerk.honghu")
        return {**self.must("whistle", case["id"], "reviewer.sanhe"), "tracking_code": case["tracking_code"]}

    def dispatched(self, case: dict[str, Any], *departments: str) -> CaseDispatchedV1:
        """What dispatch tells of a whistled case."""
        parts = ["lead", *["support"] * (len(departments) - 1)]
        return CaseDispatchedV1(
            case_id=UUID(case["id"]),
            number=case["number"],
            kind=case["kind"],
            category=case["category"],
            place=Place(**case["place"]),
            summary=case["summary"],
            summons=tuple(Summons(uuid4(), one, one, part, 60) for one, part in zip(departments, parts, strict=True)),
            dispatched_by="system",
            dispatched_at=datetime.now(UTC),
        )

    def follow(self, code: str, **headers: str) -> dict[str, Any]:
        """What the reporter is told."""
        answer = self.ask("POST", "/followed", "", {"tracking_code": code}, **headers)
        assert answer.status == 200, answer.body
        told: dict[str, Any] = answer.body
        return told

    def reach(self, code: str, status: str) -> dict[str, Any]:
        """What the reporter is told once the case stands there."""

        def there() -> dict[str, Any] | None:
            told = self.follow(code)
            assert told["status"] == status
            return told

        return eventually(there, what=f"the case is {status}") or {}


@pytest.fixture(scope="package")
def desk(
    postgres: PrivatePostgres, fresh_vhosts: Iterator[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Intake with every snapshot of the example town; all tests of this folder come to the same desk."""
    place, town = tmp_path_factory.mktemp("intake"), read_town(EXAMPLE)
    database = postgres.create_database("intake_desk")
    with one_service("intake", database, next(fresh_vhosts), place) as service:
        snapshots = to_snapshots(town)
        for name in SNAPSHOTS:
            service.announce(ReferencePublishedV1(name, 1, snapshots[name]))
        eventually(lambda: service.ask("GET", "/readyz").status == 200, what="the snapshots have arrived")
        yield Desk(service, town, place / "intake.log")
    postgres.drop_database("intake_desk")
