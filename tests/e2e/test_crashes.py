"""`kill -9` of each service, and of RabbitMQ's beam, in the middle of the story, always with work in hand."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.e2e.leak import SUPERVISOR, ended_as_it_must, timed_as_it_must
from tests.e2e.whole import RABBITMQ, Whole
from tests.support.eventually import eventually
from tools.story import play

Busy = Callable[[Whole], Callable[[], bool]]


@dataclass(frozen=True)
class Crash:
    """After a scene one process stands still, so that the victim's work cannot end; once it is `busy` it is killed."""

    victim: str
    after: str
    frozen: str
    busy: Busy


def holds_back(publisher: str, event: str) -> Busy:
    """The publisher has decided this and cannot announce it."""
    return lambda whole: lambda: whole.announced(publisher, event, confirmed=False) > 0


def was_sent(publisher: str, event: str) -> Busy:
    """From now on, the broker has taken another of these for whoever follows the publisher."""

    def begin(whole: Whole) -> Callable[[], bool]:
        before = whole.announced(publisher, event, confirmed=True)
        return lambda: whole.announced(publisher, event, confirmed=True) > before

    return begin


def passes_on(path: str) -> Busy:
    """The gateway waits for the answer to this request."""
    in_flight = "whistle_http_requests_in_flight"  # the look at it is one as well
    return lambda whole: lambda: whole.api.asking.endswith(path) and whole.metric("gateway", in_flight) >= 2


CRASHES = [
    Crash("gateway", "complaint", "intake", passes_on("/submission")),
    Crash("directory", "complaint", "directory", passes_on("/sessions")),
    Crash("intake", "complaint", RABBITMQ, holds_back("intake", "case.whistled.v1")),
    Crash(RABBITMQ, "complaint", RABBITMQ, holds_back("intake", "case.whistled.v1")),
    Crash("dispatch", "complaint", "dispatch", was_sent("intake", "case.whistled.v1")),
    Crash("notice", "complaint", "notice", was_sent("dispatch", "case.dispatched.v1")),
    Crash("enforcement", "summoned", "enforcement", was_sent("dispatch", "assignment.reported_in.v1")),
    Crash("closure", "enforced", "closure", was_sent("dispatch", "case.fed_back.v1")),
    Crash("supervision", "summoned", "supervision", was_sent("dispatch", "assignment.reported_in.v1")),
]


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: crash.victim)
def test_the_story_ends_the_same(whole: Whole, undisturbed: Counter[str], crash: Crash) -> None:
    """No department is summoned twice and none forgotten; what was announced is what is announced without a crash.

    Nor does a clock run on, or twice.
    """
    victim = whole.pid(crash.victim)
    people = {} if crash.victim == "directory" else whole.people  # without people, everybody logs in again
    struck: list[Future[None]] = []

    def strike(busy: Callable[[], bool]) -> None:
        eventually(busy, 60, f"{crash.victim} has work in hand", 0.01)
        whole.kill(crash.victim)
        whole.thaw(crash.frozen)

    def between(scene: str) -> None:
        if scene == crash.after:
            whole.freeze(crash.frozen)
            struck.append(pool.submit(strike, crash.busy(whole)))

    with ThreadPoolExecutor(1) as pool:
        played = play(whole.api, say=lambda _line: None, between=between, people=people)
        struck[0].result()
    assert whole.pid(crash.victim) != victim
    ended_as_it_must(whole, played)
    whole.settled()
    assert whole.events(played.case_id) == undisturbed
    timed_as_it_must(whole.person(SUPERVISOR), f"/api/supervision/cases/{played.case_id}", undisturbed)
