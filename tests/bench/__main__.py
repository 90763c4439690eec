"""`make bench`: what a whistle costs and how long it takes, beside the limit and three peers; a case's whole life.

`make bench ROUNDS=1` is its short form. Every measurement ends by counting that each department has each whistle once.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tests.bench import jobs
from tests.bench.contest import Contestant, calls, deliver
from tests.bench.costs import cpu_seconds, forget_peaks, memory_bytes, peak_bytes, spent, used
from tests.bench.latency import Latency, note_commits, until_there
from tests.bench.life import Lived, Street
from tests.bench.limit import Limit
from tests.bench.peers import PEERS
from tests.bench.report import ALL, GATEWAY, HTTP, MESSAGE, SERVERS, Measured, Report, table, write
from tools.system import System

ROUNDS = int(os.environ.get("ROUNDS", "3"))
MESSAGES, REQUESTS = 2_000, 2_400  # enough that one login and the first plans do not show
PACED = 400  # at the fixed rate
LIVES = 96
HANDED_OVER = {Limit.name: (600, 3_000)} | {peer.name: (30, 300) for peer in PEERS}  # to warm up, and to be measured
# The job's; the others do theirs later.
SERVICES = ("directory", "intake", "dispatch", "notice", "gateway")
WHERE = Path("docs/performance")


def main() -> None:
    """Start a system with the job's services and one with all, measure in rounds, print and write."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-bench-"))
    try:
        with System(directory / "all") as whole:
            memory = {name: round(size / 2**20, 1) for name, size in memory_bytes(whole).items()}
            with System(directory / "job", services=SERVICES) as job:
                bench = Bench(job, whole)
                bench.warm_up()
                for number in range(1, ROUNDS + 1):
                    bench.round(number)
    finally:
        shutil.rmtree(directory)
    report = Report(datetime.now(UTC), memory, bench.measured, bench.lives)
    write(report, WHERE)
    print(f"\n{table(report)}", end="")


class Bench:
    """The rounds, and what they found out."""

    def __init__(self, job: System, whole: System) -> None:
        self._job = job
        self._whole = whole
        self._begun = time.monotonic()
        self.measured: list[Measured] = []
        self.lives: list[Lived] = []

    def warm_up(self) -> None:
        """Everybody has connected, logged in and planned."""
        self._tell("warming up")
        for system in (self._job, self._whole):
            assert system.postgres is not None
            note_commits(system.postgres)
            jobs.by_message(system, jobs.calls(200))
            jobs.by_http(system, jobs.reviewed(system, 40), gateway=True)
        jobs.leave_out_the_absent(self._job)
        self._street = Street(self._whole)

    def round(self, number: int) -> None:
        """The limit, this system in four ways and its cases' lives, and the peers, one after the other."""
        self._contest(number, Limit)
        self._by_message(number, MESSAGE, self._job)
        self._by_message(number, ALL, self._whole)
        self._by_http(number, HTTP, gateway=False)
        self._by_http(number, GATEWAY, gateway=True)
        self.lives.append(life := self._street.measure(LIVES))
        self._tell(
            f"round {number}, life: {life.rate:.0f} cases/s, {life.whole:.0f} ms CPU each, "
            f"by kind {life.alone:.0f} over HTTP, {life.queued:.0f} by queue"
        )
        for peer in PEERS:
            self._contest(number, peer)

    def _by_message(self, number: int, job: str, system: System) -> None:
        handed_over, slowly = jobs.calls(MESSAGES), jobs.calls(PACED)
        ids = [UUID(one.subject) for one in handed_over]
        measured = self._measure(system, number, job, ids, lambda: jobs.by_message(system, handed_over))
        latency = jobs.by_message_paced(system, slowly)
        self._add(system, replace(measured, latency=latency), [UUID(one.subject) for one in slowly])

    def _by_http(self, number: int, job: str, *, gateway: bool) -> None:
        cases, slowly = jobs.reviewed(self._job, REQUESTS), jobs.reviewed(self._job, PACED)
        run = lambda: jobs.by_http(self._job, cases, gateway=gateway)  # noqa: E731 - a name is easier to read below
        measured = self._measure(self._job, number, job, cases, run)
        latency = jobs.by_http_paced(self._job, slowly, gateway=gateway)
        self._add(self._job, replace(measured, latency=latency), slowly)

    def _measure(
        self, system: System, number: int, job: str, cases: Sequence[UUID], run: Callable[[], float]
    ) -> Measured:
        forget_peaks(system)
        before = cpu_seconds(system)
        seconds = run()
        jobs.follow_up(system, cases)
        costs = spent(before, cpu_seconds(system), len(cases))
        self._expect_exactly_once(system, job, cases)
        peaks = {name: size / 2**20 for name, size in peak_bytes(system).items()}
        return Measured(number, job, len(cases) / seconds, costs, peaks)

    def _contest(self, number: int, kind: type[Contestant]) -> None:
        """Another way to do the job, on the same servers; the system's services have nothing to do meanwhile."""
        first, count = HANDED_OVER[kind.name]
        system = self._job
        with kind(system.amqp_url, system.database_url, system.directory) as contestant:

            def cpu() -> dict[str, float]:
                servers = {name: seconds for name, seconds in cpu_seconds(system).items() if name in SERVERS}
                return {name: used(pids) for name, pids in contestant.pids().items()} | servers

            deliver(contestant, calls(first))
            before = cpu()
            seconds = deliver(contestant, calls(count))
            measured = Measured(number, kind.name, count / seconds, spent(before, cpu(), count), {})
            if isinstance(contestant, Limit):
                measured = replace(measured, latency=_paced(contestant))
        self._tell_of(measured)

    def _expect_exactly_once(self, system: System, job: str, cases: Sequence[UUID]) -> None:
        if not jobs.exactly_once(system, cases):
            raise SystemExit(f"{job}: a department misses a whistle, or has one twice")

    def _add(self, system: System, measured: Measured, slowly: Sequence[UUID]) -> None:
        jobs.follow_up(system, slowly)
        self._expect_exactly_once(system, measured.job, slowly)
        self._tell_of(measured)

    def _tell_of(self, one: Measured) -> None:
        self.measured.append(one)
        late = f", p99 {one.latency.p99 * 1000:.0f} ms" if one.latency else ""
        self._tell(f"round {one.round}, {one.job}: {one.rate:.0f} whistles/s, {one.whole:.2f} ms CPU each{late}")

    def _tell(self, what: str) -> None:
        print(f"{time.monotonic() - self._begun:5.0f} s  {what}", flush=True)


def _paced(limit: Limit) -> Latency:
    some = calls(PACED)
    times = limit.submit_paced(some)
    return until_there(limit.database_url, limit.inbox, [call.id for call in some], times)


if __name__ == "__main__":
    main()
