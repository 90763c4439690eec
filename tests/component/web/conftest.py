"""The small service, running."""

from collections.abc import Iterator

import pytest

from shared.access.actor import Actor, Role
from tests.support.serving import Serving

ID = "0190f7a0-0000-7000-8000-000000000001"
SIGN = f"/assignments/{ID}/signature"
OFFICER = Actor("p-07", frozenset({Role.OFFICER}), "chengguan", "cj.sanhe")
CLERK = Actor("p-01", frozenset({Role.INTAKE_CLERK}), "", "cj.sanhe.honghu")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The small service as its own process."""
    folder = tmp_path_factory.mktemp("small")
    with Serving("tests.component.web.small", folder=folder, keys=folder / "keys") as serving:
        yield serving


@pytest.fixture(scope="module")
def officer(small: Serving) -> str:
    """The token of a department's officer."""
    return small.token(OFFICER)


@pytest.fixture(scope="module")
def clerk(small: Serving) -> str:
    """The token of a community's clerk."""
    return small.token(CLERK)
