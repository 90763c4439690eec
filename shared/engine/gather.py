"""The waiting line before the engine: requests and messages are gathered into batches, fairly, and answered.

One thread (a greenthread in a service) carries out batch after batch. Requests take at most half of a batch while
messages wait, and messages what the requests leave.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.engine.engine import Engine
from shared.engine.works import Result, Work
from shared.errors import Unavailable
from shared.runtime import log, metrics
from shared.store.errors import Away

BATCH_WORKS = 200
BATCH_BYTES = 4_000_000
BATCH_SECONDS = 0.05  # of gathering; assembling a batch never yields
# Seconds that a batch waits for company, as ten works cost hardly more than one: nobody sits before a message. Whoever
# comes alone, as the one before did, waits for nobody.
LINGER, LINGER_FOR_MESSAGES = 0.03, 0.06
ENOUGH = 100  # works that need no more company
LINE_LENGTH = 1_000
PORTION = 25  # messages taken between two looks at the limits
LONGEST_PAUSE = 10.0


class Source(Protocol):
    """Where messages wait (`messaging.subscription`)."""

    def waiting(self) -> int:
        """How many messages have arrived and not been taken."""
        ...

    def take(self, limit: int) -> list[Work]:
        """The next ones, at most `limit`; they stay unacknowledged until they are settled."""
        ...

    def settle(self, works: Sequence[Work]) -> None:
        """These took effect, or have their place: acknowledge them."""
        ...


class NoSource:
    """For a service that follows nobody."""

    def waiting(self) -> int:
        """See `Source`."""
        return 0

    def take(self, limit: int) -> list[Work]:  # noqa: ARG002 - as the protocol has it
        """See `Source`."""
        return []

    def settle(self, works: Sequence[Work]) -> None:
        """See `Source`."""


@dataclass(slots=True)
class Waiter:
    """A request in the line."""

    work: Work
    answered: threading.Event
    result: Result | None = None


@dataclass(slots=True)
class Breaker:
    """Opens when nothing works: pauses grow from 0.1 s to 10 s, and end with the first success."""

    reason: str = ""
    since: float = 0.0
    pause: float = 0.0
    until: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is too early for another try."""
        return time.monotonic() < self.until

    def failed(self, reason: str) -> None:
        """Nothing worked."""
        self.since = self.since or time.time()
        self.reason = reason
        self.pause = min(LONGEST_PAUSE, self.pause * 2 or 0.1)
        self.until = time.monotonic() + self.pause

    def succeeded(self) -> None:
        """Something worked."""
        self.reason, self.since, self.pause, self.until = "", 0.0, 0.0, 0.0


class Gatherer:
    """One service's waiting line."""

    def __init__(
        self,
        engine: Engine,
        source: Source | None = None,
        *,
        batch_works: int = BATCH_WORKS,
        line_length: int = LINE_LENGTH,
        linger: float = LINGER_FOR_MESSAGES,
    ) -> None:
        """`linger` is how many seconds messages alone wait for company."""
        self._engine = engine
        self.source: Source = source or NoSource()
        self._batch_works = batch_works
        self._line_length = line_length
        self._linger = linger
        self._line: deque[Waiter] = deque()
        self._in_hand: list[Work] = []
        self._wake = threading.Event()
        self._stopping = False
        self._had_company = False  # whether the last batch held several works
        self.breaker = Breaker()

    def submit(self, work: Work, timeout: float = 30.0) -> Result:
        """Wait in line and give the result; `Unavailable` if the line is full, the database away, or it takes too
        long.
        """
        [result] = self.submit_all([work], timeout)
        return result

    def submit_all(self, works: Sequence[Work], timeout: float = 30.0) -> list[Result]:
        """As `submit`, for several works that may share a batch."""
        if len(self._line) + len(works) > self._line_length or self._stopping or self.breaker.is_open:
            raise Unavailable()
        waiters = [Waiter(work, threading.Event()) for work in works]
        self._line.extend(waiters)
        self._wake.set()
        return [self._answer(waiter, timeout) for waiter in waiters]

    @staticmethod
    def _answer(waiter: Waiter, timeout: float) -> Result:
        if not waiter.answered.wait(timeout) or waiter.result is None:
            raise Unavailable()
        return waiter.result

    @property
    def waiting(self) -> int:
        """How many requests stand in line."""
        return len(self._line)

    def wake(self) -> None:
        """Something arrived at the source."""
        self._wake.set()

    def run(self) -> None:
        """Carry out batches until stopped and the line is empty."""
        while True:
            if not self._line and not self._in_hand and not self.source.waiting():
                if self._stopping:
                    return
                metrics.breaker_open.set(0)  # its pause is over: whether anything works shows when something is to do
                self._wake.wait(1.0)
            if self._had_company and self._is_small():
                time.sleep(LINGER if self._line else self._linger)
            self._wake.clear()
            self.step()
            while self.breaker.is_open:
                if self._stopping:
                    return
                self._wake.wait(max(0.0, self.breaker.until - time.monotonic()))
                self._wake.clear()

    def _is_small(self) -> bool:
        """Whether a batch begun now would hold little."""
        return not self._in_hand and len(self._line) + self.source.waiting() < ENOUGH

    def stop(self) -> None:
        """Take no more requests; `run` returns when everything in hand is finished."""
        self._stopping = True
        self._wake.set()

    def step(self) -> int:
        """Carry out one batch; how many works it had."""
        waiters, messages = self._gather()
        if not waiters and not messages:
            return 0
        works = [*messages, *(waiter.work for waiter in waiters)]
        self._had_company = len(works) > 1
        begun = time.perf_counter()
        try:
            results = self._engine.run(works)
        except Away as reason:
            self._put_back(waiters, messages, str(reason))
            return 0
        except Exception as fault:  # noqa: BLE001 - an unforeseen fault must not lose what is in hand
            log.get().exception("the engine failed")
            self._put_back(waiters, messages, f"{type(fault).__name__}: {fault}")
            return 0
        self.breaker.succeeded()
        self._count(results, time.perf_counter() - begun)
        self._in_hand = []
        if messages:
            self.source.settle(messages)
        for waiter, result in zip(waiters, results[len(messages) :], strict=True):
            waiter.result = result
            waiter.answered.set()
        return len(works)

    def _count(self, results: Sequence[Result], seconds: float) -> None:
        metrics.batch_works.observe(len(results))
        metrics.batch_seconds.observe(seconds)
        for ending, works in Counter(result.ending for result in results).items():
            metrics.works.labels(ending).inc(works)
        metrics.waiting_requests.set(len(self._line))
        metrics.waiting_messages.set(self.source.waiting())
        metrics.breaker_open.set(0)

    def _gather(self) -> tuple[list[Waiter], list[Work]]:
        half = self._batch_works // 2
        messages_wait = bool(self._in_hand) or self.source.waiting() > 0
        waiters = self._take_requests(half if messages_wait else self._batch_works)
        if not self._in_hand:
            self._in_hand = self._take_messages(self._batch_works - len(waiters))
        return waiters, self._in_hand

    def _take_requests(self, limit: int) -> list[Waiter]:
        taken: list[Waiter] = []
        size = 0
        while self._line and len(taken) < limit and size < BATCH_BYTES:
            taken.append(self._line.popleft())
            size += taken[-1].work.size
        return taken

    def _take_messages(self, limit: int) -> list[Work]:
        taken: list[Work] = []
        size = 0
        until = time.monotonic() + BATCH_SECONDS
        while len(taken) < limit and size < BATCH_BYTES and time.monotonic() < until:
            portion = self.source.take(min(PORTION, limit - len(taken)))
            if not portion:
                break
            taken += portion
            size += sum(work.size for work in portion)
            if taken[-1].alone:
                break
        return taken

    def _put_back(self, waiters: Sequence[Waiter], messages: Sequence[Work], reason: str) -> None:
        """Requests are told to come back later; messages stay in hand, unacknowledged, for the next try."""
        self.breaker.failed(reason)
        metrics.breaker_open.set(1)
        log.get().error("nothing can be written now", reason=reason, messages=len(messages))
        for waiter in waiters:
            waiter.answered.set()
