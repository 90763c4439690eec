"""`make bench`: what a whistle costs, by message and by HTTP, beside the limit and three peers; and memory when idle.

`make bench ROUNDS=1` is its short form.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from tests.bench import jobs
from tests.bench.contest import Contestant, calls, deliver
from tests.bench.costs import cpu_seconds, memory_bytes, spent, used
from tests.bench.limit import Limit
from tests.bench.peers import PEERS
from tools.system import System

ROUNDS = int(os.environ.get("ROUNDS", "3"))
MESSAGES, REQUESTS = 2_000, 1_200  # enough that one login and the first plans do not show
HANDED_OVER = {Limit.name: (600, 3_000)} | {peer.name: (30, 300) for peer in PEERS}  # to warm up, and to be measured
# The job's; the others do theirs later.
SERVICES = ("directory", "intake", "dispatch", "notice", "gateway")
SERVERS = ("RabbitMQ", "PostgreSQL")
MESSAGE, HTTP, GATEWAY = "by message", "by HTTP, straight to intake", "by HTTP, through the gateway"
REPORT = Path("reports/bench.json")


@dataclass(frozen=True, slots=True)
class Measured:
    """One job in one round: whistles a second, and CPU milliseconds a whistle by process."""

    round: int
    job: str
    rate: float
    costs: Mapping[str, float]

    @property
    def whole(self) -> float:
        """All processes together."""
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found out; memory in MB (PSS), idle."""

    at: datetime
    memory: dict[str, float]
    measured: list[Measured]

    def of(self, job: str) -> list[Measured]:
        """Its rounds."""
        return [one for one in self.measured if one.job == job]

    def ratio(self, job: str, to: str) -> float:
        """What one costs as a multiple of the other: the median of the rounds."""
        return statistics.median(one.whole / other.whole for one, other in zip(self.of(job), self.of(to), strict=True))


def main() -> None:
    """Start a system of its own, measure, print, and end with an error if a department misses a whistle."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-bench-"))
    try:
        with System(directory) as whole:
            memory = {name: round(size / 2**20, 1) for name, size in memory_bytes(whole).items()}
        with System(directory, services=SERVICES) as system:
            print("warming up", flush=True)
            jobs.by_message(system, jobs.calls(200))
            jobs.by_http(system, jobs.reviewed(system, 40), gateway=True)
            jobs.leave_out_the_absent(system)
            measured = [one for number in range(1, ROUNDS + 1) for one in _round(system, number)]
    finally:
        shutil.rmtree(directory)
    report = Report(datetime.now(UTC), memory, measured)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    _show(report)


def _round(system: System, number: int) -> list[Measured]:
    """The limit, this system in three ways, and the peers, one after the other, on cases of their own."""
    handed_over, straight, around = (
        jobs.calls(MESSAGES),
        jobs.reviewed(system, REQUESTS),
        jobs.reviewed(system, REQUESTS),
    )
    ids = [UUID(one.subject) for one in handed_over]
    return [
        _contest(system, number, Limit),
        _measure(system, number, MESSAGE, ids, lambda: jobs.by_message(system, handed_over)),
        _measure(system, number, HTTP, straight, lambda: jobs.by_http(system, straight, gateway=False)),
        _measure(system, number, GATEWAY, around, lambda: jobs.by_http(system, around, gateway=True)),
        *(_contest(system, number, peer) for peer in PEERS),
    ]


def _measure(system: System, number: int, job: str, cases: list[UUID], run: Callable[[], float]) -> Measured:
    before = cpu_seconds(system)
    seconds = run()
    jobs.follow_up(system, cases)
    costs = spent(before, cpu_seconds(system), len(cases))
    if not jobs.exactly_once(system, cases):
        raise SystemExit(f"{job}: a department misses a whistle, or has one twice")
    return _told(Measured(number, job, len(cases) / seconds, costs))


def _contest(system: System, number: int, kind: type[Contestant]) -> Measured:
    """Another way to do the job, on the same servers; the system's services have nothing to do meanwhile."""
    first, count = HANDED_OVER[kind.name]
    with kind(system.amqp_url, system.database_url, system.directory) as contestant:

        def cpu() -> dict[str, float]:
            servers = {name: seconds for name, seconds in cpu_seconds(system).items() if name in SERVERS}
            return {name: used(pids) for name, pids in contestant.pids().items()} | servers

        deliver(contestant, calls(first))
        before = cpu()
        seconds = deliver(contestant, calls(count))
        return _told(Measured(number, kind.name, count / seconds, spent(before, cpu(), count)))


def _told(one: Measured) -> Measured:
    print(f"round {one.round}, {one.job}: {one.rate:.0f} whistles/s, {one.whole:.2f} ms CPU each", flush=True)
    return one


def _show(report: Report) -> None:
    ours = sum(size for name, size in report.memory.items() if name not in SERVERS)
    print(f"\nidle memory, MB (PSS): ours {ours:.0f};", ", ".join(f"{name} {mb}" for name, mb in report.memory.items()))
    for job in dict.fromkeys(one.job for one in report.measured):
        rounds = report.of(job)
        print(f"\n{job}: CPU ms a whistle, each round ({', '.join(f'{one.rate:.0f}/s' for one in rounds)})")
        for name in rounds[0].costs:
            print(f"  {name:<12}" + "".join(f"{one.costs[name]:9.3f}" for one in rounds))
        print(f"  {'all':<12}" + "".join(f"{one.whole:9.3f}" for one in rounds))
    print(f"\n{REPORT} has the figures")
    ratios = [("message/limit", MESSAGE, Limit.name), *((f"{one.name}/message", one.name, MESSAGE) for one in PEERS)]
    ratios.append(("http/limit", HTTP, Limit.name))
    rate = statistics.median(one.rate for one in report.of(HTTP))
    told = ", ".join(f"{name} {report.ratio(job, to):.1f}" for name, job, to in ratios)
    print(f"bench: {told}, http {rate:.0f} per s")


if __name__ == "__main__":
    main()
