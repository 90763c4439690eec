"""Notice as a process of its own; the test announces what dispatch would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from shared.access.actor import Actor, Role
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.dispatch import CaseDispatchedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.contracts.supervision import Audience
from tests.component.notice.receivers import MailServer, Receiver
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service
from tests.unit.notice.samples import DISPATCHED, OFFICER, part
from tests.unit.notice.told import CATEGORIES, DEPARTMENTS, WARNED, staff_row

READERS = [f"reader{number}" for number in range(60)]  # each test has some of its own
STAFF = [staff_row(id, "officer", "sifa") for id in READERS]


@dataclass
class Whistle:
    """One whistle that summons three departments."""

    notice: OneService
    case_id: UUID = field(default_factory=uuid4)
    lead: UUID = field(default_factory=uuid4)
    support: UUID = field(default_factory=uuid4)
    other: UUID = field(default_factory=uuid4)

    def dispatched(self) -> CaseDispatchedV1:
        """What dispatch says."""
        summons = (part(self.lead, "zhujian", lead=True), part(self.support, "chengguan"), part(self.other, "shichang"))
        return replace(DISPATCHED, case_id=self.case_id, summons=summons)

    def blow(self) -> "Whistle":
        """The summonses are delivered."""
        self.notice.announce(self.dispatched())
        self.notice.hear(SummonsDeliveredV1, self.case_id)
        return self

    def inbox(self, by: Actor = OFFICER, query: str = "") -> list[Any]:
        """What an officer's inbox shows of this whistle."""
        items = self.notice.ask("GET", f"/summonses?limit=200&{query}", by).body["items"]
        return [one for one in items if one["case_id"] == str(self.case_id)]

    def read(self, by: Actor = OFFICER, id: UUID | None = None) -> Answer:
        """An officer opens a summons; the lead's unless another is named."""
        return self.notice.ask("POST", f"/summonses/{id or self.lead}/readings", by)


@dataclass
class Reader:
    """Somebody who is told by name, and the channels that they choose."""

    notice: OneService
    id: str

    @property
    def actor(self) -> Actor:
        """As their token names them."""
        return Actor(self.id, frozenset({Role.OFFICER}), "sifa", "cj")

    def choose(self, *channels: dict[str, str], templates: str = "clock.warned", **more: Any) -> Any:
        """Get these notices by all these channels."""
        chosen = {template: [one["name"] for one in channels] for template in templates.split()}
        body = {"channels": channels, "chosen": chosen, **more}
        answer = self.notice.ask("PUT", "/preferences", self.actor, body)
        assert answer.status == 200, answer
        return answer.body

    def hook(self, address: str) -> str:
        """Get warnings by a webhook; its key."""
        body = self.choose({"name": "hook", "kind": "webhook", "address": address})
        return str(body["secrets"][0]["secret"])

    def told(self) -> list[Any]:
        """Their list."""
        answer = self.notice.ask("GET", "/notifications", self.actor)
        assert answer.status == 200, answer
        items: list[Any] = answer.body["items"]
        return items

    def delivery(self, state: str = "", attempts: int = 0) -> Any:
        """Their only delivery, once it stands like this."""

        def found() -> Any:
            deliveries = [delivery for told in self.told() for delivery in told["deliveries"]]
            assert len(deliveries) == 1
            [only] = deliveries
            return only if state in ("", only["state"]) and len(only["attempts"]) >= attempts else None

        return eventually(found, 20, f"the delivery to {self.id} is {state} after {attempts}")

    def let_pass(self, seconds: float) -> None:
        """Let so much time pass for their deliveries."""
        back = "UPDATE notice.delivery SET next_at = next_at - make_interval(secs => :seconds),"
        claims = "claimed_until = claimed_until - make_interval(secs => :seconds)"
        self.notice.execute(f"{back} {claims} WHERE person = :id", seconds=seconds, id=self.id)


def warn(notice: OneService, *readers: Reader) -> None:
    """Supervision announces a warning for these people."""
    audience = tuple(Audience("", person=one.id) for one in readers)
    notice.announce(replace(WARNED, case_id=uuid4(), audience=audience))


def know_the_town(notice: OneService) -> None:
    """The directory announces its people, departments and matters."""
    snapshots = {"staff": STAFF, "departments": DEPARTMENTS, "categories": CATEGORIES}
    notice.announce(*(ReferencePublishedV1(name, 1, rows) for name, rows in snapshots.items()))
    known = "SELECT count(*) FROM notice.reference"
    eventually(lambda: notice.rows(known)[0][0] == len(snapshots), what="the town is known")


@pytest.fixture(scope="module")
def mail() -> MailServer:
    """The town's mail server; it is not up."""
    return MailServer()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where notice has its keys and its log."""
    return tmp_path_factory.mktemp("notice")


@pytest.fixture(scope="module")
def notice(module_database: str, module_vhost: str, place: Path, mail: MailServer) -> Iterator[OneService]:
    """Notice, with empty inboxes, that knows who is there; channels may lead to this machine."""
    variables = {
        "WHISTLE_NOTICE_PRIVATE": "1",
        "WHISTLE_NOTICE_MAIL": f"mailto://127.0.0.1:{mail.port}?from=whistle@chunjiang.example.org",
    }
    with one_service("notice", module_database, module_vhost, place, **variables) as service:
        know_the_town(service)
        yield service


@pytest.fixture(scope="module")
def _readers(notice: OneService) -> Iterator[Reader]:
    return iter([Reader(notice, id) for id in READERS])


@pytest.fixture
def reader(_readers: Iterator[Reader]) -> Reader:
    """Somebody whom no other test tells anything."""
    return next(_readers)


@pytest.fixture
def readers(_readers: Iterator[Reader]) -> list[Reader]:
    """Twelve of them."""
    return [next(_readers) for _ in range(12)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that takes everything."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def whistle(notice: OneService) -> Whistle:
    """A whistle that nobody has heard yet."""
    return Whistle(notice)
