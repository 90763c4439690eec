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
from tools.system import EXAMPLE_TOWN, System

expect.set_options(timeout=20_000)  # milliseconds: a busy machine is no failure
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
# Two officers of the example town's departments hold a certificate: of three, one can step back.
THIRD = "officer3.shichang,唐晓月,officer,shichang,cj,CJ-ZF-0099,100-0000-0099,chunjiang-demo\n"


class Town(NamedTuple):
    """Where the running system is, the case that the story has closed, a department's assignment and record in it."""

    url: str
    story: str
    assignment: str
    record: str
    amqp_url: str
    database_url: str

    def path(self, page: str) -> str:
        """The address of a page about what the story has made: `/cases/{case}`."""
        return page.format(case=self.story, assignment=self.assignment, record=self.record)


@contextmanager
def a_town(place: Path, say: Callable[[str], None]) -> Iterator[Town]:
    """The whole system; one case is closed, in another a department keeps silent."""
    people = Path(shutil.copytree(EXAMPLE_TOWN, place / "town")) / "people.csv"
    people.write_text(people.read_text("utf-8") + THIRD, "utf-8")
    with System(place / "system", town=people.parent, say=say) as system:
        api = Api(system.url)
        played = play(api, say=lambda _line: None)
        stage = Stage(api, say=lambda _line: None)
        silence(stage)
        parts = stage.person("supervisor.sanhe").get(f"/api/supervision/cases/{played.case_id}")["parts"]
        assignment = next(one["id"] for one in parts if one["department"] == "shichang")
        records = stage.person("officer.shichang").get(f"/api/enforcement/records?assignment_id={assignment}")["items"]
        made = (str(played.case_id), assignment, records[0]["id"])
        yield Town(system.url, *made, system.amqp_url, system.database_url)


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
