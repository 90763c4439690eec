"""`make soak`: half an hour of steady work on the whole system; does anything grow?

Whole lives of cases over HTTP through the gateway, whistles by message and lists read, each at its rate; MINUTES and
RATE (lives a second) change how long and how much. What requests and events leave behind is dated back after a while,
as if its time had passed, so that the services' own removal has work all the time.
"""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import psycopg

from shared.messaging import outbox
from shared.messaging.topology import FOLLOWS, dead_letter_queue, queue_name
from shared.messaging.wire import Wire
from tests.bench import jobs
from tests.bench.case import CALLER, SUPERVISOR, Life, officer
from tests.bench.costs import cpu_seconds, memory_of_each
from tests.bench.life import Street
from tests.bench.soaked import Sample, Soak, table, write
from tests.support.eventually import eventually
from tools.client import Api
from tools.servers.postgres import plain
from tools.story.asking import CLERK
from tools.system import System

MINUTES = float(os.environ.get("MINUTES", "30"))
RATE = float(os.environ.get("RATE", "2"))  # lives a second
WHISTLES, READS = 2.0, 4.0  # a second
WORKERS = 16
LOOK_EVERY = 5.0  # seconds
KEPT = timedelta(minutes=2)  # what is older is dated back
PATIENCE = 120.0  # seconds until all is quiet again
WHERE = Path("docs/performance")
BOXES = tuple(name for name in FOLLOWS if name != "gateway")
QUEUES = tuple(queue_name(one, publisher) for one, publishers in FOLLOWS.items() for publisher in publishers)
DEAD = tuple(dead_letter_queue(one) for one, publishers in FOLLOWS.items() if publishers)
LISTS = (
    (CLERK, "/api/intake/cases"),
    (SUPERVISOR, "/api/supervision/overview"),
    (SUPERVISOR, "/api/supervision/cases"),
    (SUPERVISOR, "/api/supervision/measures"),
    (SUPERVISOR, "/api/dispatch/cases"),
    (CALLER, "/api/closure/cases"),
    (officer("zhujian"), "/api/dispatch/assignments"),
    (officer("chengguan"), "/api/notice/summonses"),
    (officer("shichang"), "/api/notice/notifications"),
    (officer("shichang"), "/api/enforcement/records"),
)


def main() -> int:
    """Start a system with every service, load it, look; print and write what was found. 1 where a bound is broken."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-soak-"))
    try:
        with System(directory) as system:
            soak = run(system)
    finally:
        shutil.rmtree(directory)
    write(soak, WHERE)
    print(f"\n{table(soak)}", end="")
    return 1 if soak.broken else 0


def run(system: System) -> Soak:
    """Load and look for so many minutes, then wait until all is quiet."""
    street, lives = Street(system, Api(system.url)), list[Life]()
    pids = _pids(system)

    def live() -> None:
        street.live(life := Life())
        lives.append(life)

    with Look(system) as look, jobs.hotline(system, 1_000) as hotline:

        def whistle() -> None:
            hotline.publish(jobs.calls(1))
            hotline.sent()  # heard, and not kept

        lists = iter(_round_about())

        def read() -> None:
            login, path = next(lists)
            street.person(login).get(path)

        loads = [Load(RATE, WORKERS, live), Load(WHISTLES, 1, whistle), Load(READS, 2, read)]
        before, begun = sum(cpu_seconds(system).values()), time.monotonic()
        with ExitStack() as working:
            for load in loads:
                working.enter_context(load)
            samples = list(look.for_seconds(MINUTES * 60))
        used = (sum(cpu_seconds(system).values()) - before) / (time.monotonic() - begun)
        look.until_quiet()
        left = look.sample(time.monotonic() - begun)
        dead = look.depth(DEAD)
    street.expect_closed(lives)
    cases, whistles, reads = (load.done for load in loads)
    wrong = [f"{len(load.failures)} failed, first {load.failures[0]}" for load in loads if load.failures]
    wrong += [f"{name} was started again" for name, pid in _pids(system).items() if pid != pids[name]]
    wrong += [f"{left.parked} messages are parked"] if left.parked else []
    wrong += [f"{dead} messages are dead letters"] if dead else []
    return Soak(datetime.now(UTC), MINUTES, RATE, cases, whistles, reads, used, wrong, samples)


@dataclass
class Load:
    """Something done at a steady rate by so many workers, as a context; what is late is done at once."""

    rate: float
    workers: int
    do: Callable[[], None]
    done: int = 0
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._next = time.monotonic()
        self._threads = [threading.Thread(target=self._work) for _ in range(self.workers)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._stop.wait(max(0.0, self._turn() - time.monotonic())):
            try:
                self.do()
            except Exception as failure:  # noqa: BLE001 - whatever goes wrong is told at the end
                self.failures.append(f"{type(failure).__name__}: {failure}")
            else:
                with self._lock:
                    self.done += 1

    def _turn(self) -> float:
        with self._lock:
            self._next = max(self._next, time.monotonic() - 1) + 1 / self.rate
            return self._next


class Look:
    """Looks at processes, tables and queues from outside, and lets time pass for what is kept a while."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __enter__(self) -> Self:
        self._connection = psycopg.connect(plain(self._system.database_url), autocommit=True)
        self._wire = Wire(self._system.amqp_url, "soak")
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        self._connection.close()

    def for_seconds(self, seconds: float) -> Iterator[Sample]:
        """What there is, every few seconds."""
        begun, aged = time.monotonic(), 0.0
        for number in range(1, int(seconds / LOOK_EVERY) + 1):
            time.sleep(max(0.0, begun + number * LOOK_EVERY - time.monotonic()))
            yield (sample := self.sample(time.monotonic() - begun))
            if sample.at - aged >= 60:
                aged = sample.at
                self._let_time_pass()
                _tell(sample)

    def sample(self, at: float) -> Sample:
        """What there is now."""
        held = memory_of_each(self._system)
        memory = {name: sum(sizes) / 2**20 for name, sizes in held.items()}
        largest = {name: max(sizes) / 2**20 for name, sizes in held.items()}
        rows = {table: self._rows(table) for table in ("unsent", "inbox", "outbox", "parked")}
        return Sample(at, memory, largest, queues=self.depth(QUEUES), **rows)

    def depth(self, queues: tuple[str, ...]) -> int:
        """How many messages wait in these queues."""
        channel = self._wire.channel
        return sum(channel.queue_declare(one, passive=True).message_count for one in queues)

    def until_quiet(self) -> None:
        """Return when nothing waits anywhere."""
        eventually(lambda: not self._rows("unsent") and not self.depth(QUEUES), PATIENCE, "all is quiet", 1.0)

    def _rows(self, table: str) -> int:
        """In all services together."""
        counts = " + ".join(f"(SELECT count(*) FROM {service}.{table})" for service in BOXES)
        row: tuple[Any, ...] | None = self._connection.execute(f"SELECT {counts}").fetchone()
        return int(row[0]) if row else 0

    def _let_time_pass(self) -> None:
        """Date back beyond its retention what is older than `KEPT`; about reference data nothing is ever removed."""
        for service in BOXES:
            self._date_back(f"{service}.inbox", "done_at", outbox.KEPT)
            self._date_back(f"{service}.outbox", "time", outbox.QUIET, "subject NOT LIKE 'reference:%%'")

    def _date_back(self, rows: str, column: str, kept: timedelta, those: str = "true") -> None:
        self._connection.execute(
            f"UPDATE {rows} SET {column} = {column} - %(kept)s "
            f"WHERE {column} BETWEEN now() - %(kept)s AND now() - %(ours)s AND {those}",
            {"kept": kept, "ours": KEPT},
        )


def _round_about() -> Iterator[tuple[str, str]]:
    while True:
        yield from LISTS


def _tell(sample: Sample) -> None:
    size, name = max((size, name) for name, size in sample.largest.items())
    waiting = f"{sample.unsent} unsent, {sample.queues} in queues"
    print(f"{sample.at:5.0f} s  {size:.0f} MB ({name}), {waiting}, {sample.inbox} answers kept", flush=True)


def _pids(system: System) -> dict[str, int]:
    return {name: system.supervisor.pid(name) for name in system.services}


if __name__ == "__main__":
    sys.exit(main())
