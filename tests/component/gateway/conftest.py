"""A gateway with the small service behind it, each its own process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.component.web.conftest import OFFICER
from tests.support.serving import Serving, free_port


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes keep their logs and keys."""
    return tmp_path_factory.mktemp("gateway")


@pytest.fixture(scope="package")
def small(folder: Path) -> Iterator[Serving]:
    """The service behind."""
    with Serving("tests.component.web.small", folder=folder, keys=folder / "keys") as serving:
        yield serving


@pytest.fixture(scope="package")
def gateway(folder: Path, small: Serving) -> Iterator[Serving]:
    """The gateway; it also knows a service `gone`, which nobody serves."""
    services = f"small={small.url},gone=http://127.0.0.1:{free_port()}"
    with Serving("tools.serve", "gateway", folder=folder, keys=folder / "keys", WHISTLE_SERVICES=services) as serving:
        yield serving


@pytest.fixture(scope="package")
def officer(small: Serving) -> str:
    """The token of a department's officer."""
    return small.token(OFFICER)
