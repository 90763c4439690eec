"""The waiting line, with an engine and a source of the test's own."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.engine import gather
from shared.engine.gather import BATCH_BYTES, LINE_LENGTH, Gatherer
from shared.engine.works import Result, Work
from shared.errors import Unavailable
from shared.runtime.clock import uuid7
from shared.store.errors import Away
from tests.support.eventually import eventually


class RecordingEngine:
    """Does nothing but remember each batch; `away` makes it fail so many times."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.away = 0

    def run(self, works: Sequence[Work]) -> list[Result]:
        if self.away:
            self.away -= 1
            raise Away("the database is away")
        self.batches.append([work.command for work in works])
        return [Result("done", 200, str(work.command).encode()) for work in works]


class ListSource:
    """Messages in a list, given out at most `portion` at once."""

    def __init__(self, *works: Work, portion: int = 1000) -> None:
        self.works = list(works)
        self.portion = portion
        self.settled: list[Any] = []

    def waiting(self) -> int:
        return len(self.works)

    def take(self, limit: int) -> list[Work]:
        limit = min(limit, self.portion)
        taken, self.works = self.works[:limit], self.works[limit:]
        return taken

    def settle(self, works: Sequence[Work]) -> None:
        self.settled.extend(work.command for work in works)


def work(name: str, **options: Any) -> Work:
    return Work(uuid7(), name, **options)


def asked(gatherer: Gatherer, *names: str) -> list[threading.Thread]:
    """Requests that wait in line."""
    threads = [threading.Thread(target=lambda name=name: gatherer.submit(work(name))) for name in names]
    for thread in threads:
        thread.start()
    while gatherer.waiting < len(names):
        threading.Event().wait(0.001)
    return threads


def test_requests_and_messages_share_a_batch_and_each_caller_gets_its_own_answer() -> None:
    engine, source = RecordingEngine(), ListSource(work("message"))
    gatherer = Gatherer(engine, source)  # type: ignore[arg-type]  # stands in for the engine
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(gatherer.submit(work("request")).body))
    thread.start()
    while not gatherer.waiting:
        threading.Event().wait(0.001)
    assert gatherer.step() == 2
    thread.join()
    assert engine.batches == [["message", "request"]]
    assert answers == [b"request"]
    assert source.settled == ["message"]


def test_requests_take_at_most_half_of_a_batch_while_messages_wait() -> None:
    engine, source = RecordingEngine(), ListSource(*(work(f"m{number}") for number in range(10)))
    gatherer = Gatherer(engine, source, batch_works=4)  # type: ignore[arg-type]  # stands in for the engine
    threads = asked(gatherer, "r1", "r2", "r3", "r4")
    gatherer.step()
    assert [command[0] for command in engine.batches[0]] == ["m", "m", "r", "r"]
    while gatherer.step():
        pass
    for thread in threads:
        thread.join()


def test_a_batch_ends_when_its_bytes_are_full() -> None:
    source = ListSource(*(work(f"m{number}", size=BATCH_BYTES // 25) for number in range(60)))
    engine = RecordingEngine()
    Gatherer(engine, source).step()  # type: ignore[arg-type]  # stands in for the engine
    assert len(engine.batches[0]) == 25


def test_a_message_that_was_delivered_too_often_ends_its_batch() -> None:
    source = ListSource(work("suspect", alone=True), work("next"), portion=1)
    engine = RecordingEngine()
    Gatherer(engine, source).step()  # type: ignore[arg-type]  # stands in for the engine
    assert engine.batches == [["suspect"]]


def test_while_nothing_works_messages_stay_in_hand_and_requests_are_told_to_come_back() -> None:
    engine, source = RecordingEngine(), ListSource(work("message"))
    engine.away = 1
    gatherer = Gatherer(engine, source)  # type: ignore[arg-type]  # stands in for the engine
    assert gatherer.step() == 0
    assert source.settled == []
    assert gatherer.breaker.is_open
    with pytest.raises(Unavailable):
        gatherer.submit(work("request"))
    assert gatherer.step() == 1
    assert source.settled == ["message"]
    assert not gatherer.breaker.is_open


def test_after_a_failure_in_an_idle_night_the_breaker_does_not_look_open_until_the_morning() -> None:
    """One request failed, nobody asks again: when the pause is over, no operator is told that everything fails."""
    engine = RecordingEngine()
    engine.away = 1
    gatherer = Gatherer(engine)  # type: ignore[arg-type]  # stands in for the engine
    thread = threading.Thread(target=gatherer.run)
    thread.start()
    try:
        with pytest.raises(Unavailable):
            gatherer.submit(work("request"))
        assert engine.away == 0
        eventually(lambda: REGISTRY.get_sample_value("whistle_breaker_open") == 0, 3, "the breaker looks closed")
    finally:
        gatherer.stop()
        thread.join()


def test_a_full_line_refuses_at_once() -> None:
    gatherer = Gatherer(RecordingEngine(), line_length=0)  # type: ignore[arg-type]  # stands in for the engine
    assert LINE_LENGTH > 0
    with pytest.raises(Unavailable):
        gatherer.submit(work("request"))


def test_a_stopping_line_finishes_what_is_in_hand_and_takes_nothing_more() -> None:
    engine, source = RecordingEngine(), ListSource(work("message"))
    gatherer = Gatherer(engine, source)  # type: ignore[arg-type]  # stands in for the engine
    gatherer.stop()
    gatherer.run()
    assert source.settled == ["message"]
    with pytest.raises(Unavailable):
        gatherer.submit(work("request"))


def test_whoever_comes_alone_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "LINGER", 60.0)
    gatherer = Gatherer(RecordingEngine())  # type: ignore[arg-type]  # stands in for the engine
    running = threading.Thread(target=gatherer.run, daemon=True)
    running.start()
    assert gatherer.submit(work("alone"), timeout=10).body == b"alone"
    gatherer.stop()
    running.join()


def test_under_load_a_batch_waits_for_company_although_somebody_waits_already(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, source = RecordingEngine(), ListSource(work("first"), work("second"))
    gatherer = Gatherer(engine, source)  # type: ignore[arg-type]  # stands in for the engine
    gatherer.step()

    def meanwhile(_seconds: float) -> None:
        source.works.append(work("company"))
        gatherer.stop()

    monkeypatch.setattr(time, "sleep", meanwhile)
    source.works.append(work("already there"))
    gatherer.run()
    assert engine.batches == [["first", "second"], ["already there", "company"]]


def test_a_batch_that_is_large_enough_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, source = RecordingEngine(), ListSource(work("first"), work("second"))
    gatherer = Gatherer(engine, source)  # type: ignore[arg-type]  # stands in for the engine
    gatherer.step()
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("it waited"))
    source.works += [work(str(number)) for number in range(gather.ENOUGH)]
    gatherer.stop()
    gatherer.run()
    assert len(engine.batches[1]) == gather.ENOUGH
