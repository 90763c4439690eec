"""Notice as a process of its own; the test announces what dispatch would."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.access.actor import Actor
from shared.contracts.dispatch import CaseDispatchedV1
from shared.contracts.notice import SummonsDeliveredV1
from tests.support.asking import Answer
from tests.support.one_service import OneService, one_service
from tests.unit.notice.samples import DISPATCHED, OFFICER, part


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


@pytest.fixture(scope="module")
def notice(module_database: str, module_vhost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneService]:
    """Notice, with empty inboxes."""
    with one_service("notice", module_database, module_vhost, tmp_path_factory.mktemp("notice")) as service:
        yield service


@pytest.fixture
def whistle(notice: OneService) -> Whistle:
    """A whistle that nobody has heard yet."""
    return Whistle(notice)
