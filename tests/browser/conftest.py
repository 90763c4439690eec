"""One running system with the story already played, and one Chromium, for all walks."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tools.client import Api
from tools.story import Stage, play, silence
from tools.system import System

expect.set_options(timeout=20_000)  # milliseconds: a busy machine is no failure
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]


class Town(NamedTuple):
    """Where the running system is, the case that the story has closed, and a department's assignment in it."""

    url: str
    story: str
    assignment: str
    amqp_url: str
    database_url: str

    def path(self, page: str) -> str:
        """The address of a page about what the story has made: `/cases/{case}`."""
        return page.format(case=self.story, assignment=self.assignment)


@contextmanager
def a_town(place: Path, say: Callable[[str], None]) -> Iterator[Town]:
    """The whole system; one case is closed, in another a department keeps silent."""
    with System(place, say=say) as system:
        api = Api(system.url)
        played = play(api, say=lambda _line: None)
        stage = Stage(api, say=lambda _line: None)
        silence(stage)
        parts = stage.person("supervisor.sanhe").get(f"/api/supervision/cases/{played.case_id}")["parts"]
        assignment = next(one["id"] for one in parts if one["department"] == "shichang")
        yield Town(system.url, str(played.case_id), assignment, system.amqp_url, system.database_url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "make test-browser installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[Town]:
    """One for all walks."""
    with a_town(tmp_path_factory.mktemp("walks"), say) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all walkers, each of whom has a context of their own."""
    with chromium() as opened:
        yield opened
