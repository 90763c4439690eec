"""What every test can ask for, and how a run is divided among several processes (`make test` uses two)."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.support.servers"]

END_TO_END = Path(__file__).parent / "e2e"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A file's tests share what they start; the end-to-end tests share one whole system."""
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            shared = "e2e" if item.path.is_relative_to(END_TO_END) else str(item.path)
            item.add_marker(pytest.mark.xdist_group(shared))
