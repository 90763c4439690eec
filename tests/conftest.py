"""What every test can ask for, and how a run is divided among several processes (`make test` uses two)."""

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["tests.support.servers"]


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist publishes no types
    """A file's tests run in one process and share what they start; the end-to-end tests share one whole system."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "tests/e2e" if file.startswith("tests/e2e/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """See pytest-xdist."""
    return ByFile(config, log)
