"""When timers look; what they do then is tested on a real database."""

import threading
import time
from collections.abc import Callable

import pytest

from services.supervision.store import tables
from shared.engine import timers
from shared.engine.timers import Timers
from tests.support.eventually import eventually


class Looking(Timers):
    """Does nothing but remember when it looked."""

    def __init__(self, behind: Callable[[], bool]) -> None:
        super().__init__(None, tables.case_clocks, lambda _works: [], lambda _id: None, behind=behind)  # type: ignore[arg-type]  # no database is asked
        self.looks: list[float] = []

    def step(self) -> int:
        self.looks.append(time.monotonic())
        return 0


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "PAUSE", 0.01)
    monkeypatch.setattr(timers, "PATIENCE", 0.3)


def running(looking: Looking) -> threading.Thread:
    thread = threading.Thread(target=looking.run)
    thread.start()
    return thread


def test_what_is_due_waits_for_news_that_is_on_its_way() -> None:
    arrived, asked = threading.Event(), []

    def behind() -> bool:
        asked.append(1)
        return not arrived.is_set()

    looking = Looking(behind)
    thread = running(looking)
    eventually(lambda: len(asked) > 3, what="it asks again and again")
    assert looking.looks == []
    arrived.set()
    eventually(lambda: looking.looks, what="it looks again")
    looking.stop()
    thread.join()


def test_what_is_due_does_not_wait_for_ever() -> None:
    begun = time.monotonic()
    looking = Looking(behind=lambda: True)
    thread = running(looking)
    eventually(lambda: len(looking.looks) > 2, what="it looks again and again")
    assert looking.looks[0] - begun >= 0.3
    looking.stop()
    thread.join()
