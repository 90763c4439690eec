"""The running system with its town, in which a few people more have arrived; nothing is killed in these tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.api.people import let_join
from tests.e2e.api.town import Town
from tests.e2e.whole import Whole


@pytest.fixture(scope="package")
def town(running_system: Whole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """All tests of this folder come to the same town; at the end nothing may be lost, unsent or parked."""
    running_system.recover()
    let_join(tmp_path_factory.mktemp("joined"), running_system.system.database_url)
    running_system.settled()
    yield Town(running_system.api, running_system.system.amqp_url)
    running_system.recover()
    running_system.settled()
