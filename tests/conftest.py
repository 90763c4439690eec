"""What every test can ask for, and which tests run in one process."""

from importlib.util import find_spec

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

collect_ignore = [] if find_spec("playwright") else ["browser"]  # `make test-browser` installs it
pytest_plugins = ["tests.support.servers"]

WHOLE = "tests/e2e/"
LONG = (WHOLE, "tests/simulation/", "tests/faults/")


class ByFile(LoadScopeScheduling):
    """A file's tests share what is started for them, and all end-to-end tests one whole system."""

    def _split_scope(self, nodeid: str) -> str:
        return WHOLE if nodeid.startswith(WHOLE) else nodeid.partition("::")[0]


# xdist's own groups have no effect with pytest 9: it renames tests by an attribute that is not read any more.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: the end-to-end tests, histories, and faults."""
    items.sort(
        key=lambda item: next((place for place, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG))
    )
