"""Closure as a process of its own; the test announces what intake and dispatch would."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from shared.access.actor import Actor
from shared.contracts.directory import ReferencePublishedV1
from shared.contracts.dispatch import CaseFedBackV1, Summons
from shared.contracts.intake import CaseAbsorbedV1, CaseSelfHandledV1
from tests.support.asking import Answer
from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service
from tests.support.samples import photo
from tests.unit.closure.desk import CALLER, CLERK, REFERENCES, STREET, fed_back, handed_over, self_handled


def digest_of(code: str) -> str:
    """What intake tells of a tracking code."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass
class Story:
    """One case on its way through closure."""

    closure: OneService
    id: UUID = field(default_factory=uuid4)
    lead: UUID = field(default_factory=uuid4)
    support: UUID = field(default_factory=uuid4)
    code: str = field(default_factory=lambda: uuid4().hex.upper())

    def fed_back(self, round: int = 1) -> CaseFedBackV1:
        """What dispatch says when both departments are done."""
        summons = (
            Summons(self.lead, "zhujian", "区住建局", "lead", 10080),
            Summons(self.support, "chengguan", "区城管局", "support", 10080),
        )
        digest = digest_of(self.code)
        return replace(handed_over(round), case_id=self.id, summons=summons, tracking_digest=digest)

    def hand_over(self, round: int = 1) -> None:
        """Both departments feed back, the case is handed over, and closure has it."""
        self.closure.announce(
            replace(fed_back(self.lead, "zhujian", round), case_id=self.id),
            replace(fed_back(self.support, "chengguan", round), case_id=self.id, measures="已约谈商户李先生"),
            self.fed_back(round),
        )
        self.reach("to_verify")

    def self_handle(self) -> None:
        """The community solved it itself."""
        event: CaseSelfHandledV1 = replace(self_handled(), case_id=self.id, tracking_digest=digest_of(self.code))
        self.closure.announce(event)
        self.reach("call_back")

    def absorb(self) -> "Story":
        """Another case is merged into this one; the story of its reporter."""
        other = Story(self.closure)
        self.closure.announce(CaseAbsorbedV1(self.id, other.id, digest_of(other.code), self.fed_back().fed_back_at))
        eventually(lambda: other.ask_as_resident("/followed").status == 200, what="the reporter has joined")
        return other

    def reach(self, state: str) -> None:
        """Wait until the case stands there."""

        def there() -> bool:
            shown = self.show()
            assert (shown.status, shown.body.get("state")) == (200, state), shown.body
            return True

        eventually(there, what=f"the case is {state}")

    def show(self, by: Actor = CLERK) -> Answer:
        """The case as somebody sees it."""
        return self.closure.ask("GET", f"/cases/{self.id}", by)

    def do(self, what: str, by: Actor, body: Any = None, **headers: str) -> Answer:
        """Something that the case's staff do."""
        return self.closure.ask("POST", f"/cases/{self.id}/{what}", by, body, **headers)

    def ask_as_resident(self, path: str, **body: Any) -> Answer:
        """What the resident asks by tracking code."""
        return self.closure.ask("POST", path, None, {"tracking_code": self.code, **body})

    def send_photo(self, by: Actor = CLERK) -> str:
        """A photo from the site; its id."""
        answer = self.closure.ask("POST", "/photos?name=门厅.jpg", by, photo(), Content_Type="image/jpeg")
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def verify(self, by: Actor = CLERK) -> Answer:
        """Found solved on site."""
        body = {"photos": [self.send_photo(by)], "condition_met": True}
        return self.do("passed-verifications", by, body)

    def call(self, resolved: bool | None, **more: Any) -> Answer:
        """The clerk calls back; None: not reached."""
        reached = {"reached": False} if resolved is None else {"reached": True, "resolved": resolved}
        return self.do("callbacks", CALLER, reached | more)

    def close(self) -> "Story":
        """From hand-over to the reporter's yes."""
        self.hand_over()
        assert self.verify().status == 201
        assert self.call(resolved=True, satisfaction=5).body["state"] == "closed"
        return self

    def score_departments(self) -> Answer:
        """The street's side of the evaluation."""
        scores = [{"department": "zhujian", "score": 5}, {"department": "chengguan", "score": 3}]
        return self.do("department-evaluations", STREET, {"scores": scores})


@pytest.fixture(scope="module")
def closure(module_database: str, module_vhost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneService]:
    """Closure, with the town's areas and categories."""
    with one_service("closure", module_database, module_vhost, tmp_path_factory.mktemp("closure")) as service:
        for name, content in REFERENCES.items():
            service.announce(ReferencePublishedV1(name, 1, content))
        eventually(lambda: service.ask("GET", "/readyz").status == 200, what="the snapshots have arrived")
        yield service


@pytest.fixture
def story(closure: OneService) -> Story:
    """A case that nobody has handed over yet."""
    return Story(closure)
