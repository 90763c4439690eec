"""Supervision as a process of its own; the test announces what the others would."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import convert
from msgspec.structs import replace

from services.supervision.domain.clock import Clock
from shared.contracts.directory import ReferencePublishedV1
from tests.support.eventually import eventually
from tests.support.one_service import OneService, one_service
from tests.unit.supervision.samples import PLACE, TOWN, dispatched, part


@pytest.fixture(scope="module")
def supervision(
    module_database: str, module_vhost: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OneService]:
    """Supervision that knows the limits."""
    place = tmp_path_factory.mktemp("supervision")
    with one_service("supervision", module_database, module_vhost, place) as service:
        know_the_town(service, TOWN)
        yield service


def know_the_town(service: OneService, town: dict[str, Any], version: int = 1) -> None:
    """The directory announces its tables."""
    service.announce(*(ReferencePublishedV1(name, version, rows) for name, rows in town.items()))
    known = "SELECT count(*) FROM supervision.reference WHERE version = :version"
    eventually(lambda: service.rows(known, version=version)[0][0] == len(town), what="the limits are known")


class Summoned:
    """A case whose two departments were summoned at a time."""

    def __init__(self, service: OneService, at: datetime, kind: str = "emergency", *, ongoing: bool = False) -> None:
        self.service = service
        self.id, self.lead, self.support = uuid4(), uuid4(), uuid4()
        parts = (part(self.lead, "zhujian", lead=True), part(self.support, "chengguan"))
        service.announce(replace(dispatched(at, kind), case_id=self.id, summons=parts, ongoing=ongoing))

    def clocks(self, name: str) -> list[Clock]:
        """The case's clocks of this name, by department."""
        found = self.service.rows("SELECT clocks FROM supervision.case_clocks WHERE id = :id", id=self.id)
        clocks = [one for row in found for one in convert(row.clocks, tuple[Clock, ...]) if one.name == name]
        return sorted(clocks, key=lambda one: one.department)

    def told(self, kind: type[Any], clock: str, assignment: UUID | None = None) -> list[Any]:
        """What was announced of a clock of the lead's, or of another assignment."""
        heard = self.service.heard(kind, self.id)
        return [one for one in heard if (one.clock.clock, one.clock.assignment_id) == (clock, assignment or self.lead)]


__all__ = ["PLACE", "Summoned", "know_the_town", "supervision"]
