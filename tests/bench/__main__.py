"""`make bench`: CPU milliseconds a whistle by process, by message and by HTTP, and memory when idle."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from tests.bench.costs import cpu_seconds, memory_bytes, spent
from tests.bench.jobs import by_http, by_message, calls, exactly_once, leave_out_the_absent, reviewed
from tools.system import System

ROUNDS = 3
MESSAGES, REQUESTS = 2_000, 1_200  # enough that one login and the first plans do not show
SERVICES = (
    "directory",
    "intake",
    "dispatch",
    "notice",
    "gateway",
)  # the job's; enforcement and closure do theirs later
SERVERS = ("RabbitMQ", "PostgreSQL")
REPORT = Path("reports/bench.json")


@dataclass(frozen=True, slots=True)
class Measured:
    """One job in one round: whistles a second, and CPU milliseconds a whistle by process."""

    round: int
    job: str
    rate: float
    costs: dict[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found out; memory in MB (PSS), idle."""

    at: datetime
    memory: dict[str, float]
    measured: list[Measured]


def main() -> None:
    """Start a system of its own, measure, print, and end with an error if a department misses a whistle."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-bench-"))
    try:
        with System(directory) as whole:
            memory = {name: round(size / 2**20, 1) for name, size in memory_bytes(whole).items()}
        with System(directory, services=SERVICES) as system:
            print("warming up")
            by_message(system, calls(200))
            by_http(system, reviewed(system, 40), gateway=True)
            leave_out_the_absent(system)
            measured = [one for number in range(1, ROUNDS + 1) for one in _round(system, number)]
    finally:
        shutil.rmtree(directory)
    report = Report(datetime.now(UTC), memory, measured)
    _show(report)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    print(f"\n{REPORT} has the figures")


def _round(system: System, number: int) -> list[Measured]:
    """The three jobs, one after the other, on cases of their own."""
    handed_over, straight, around = calls(MESSAGES), reviewed(system, REQUESTS), reviewed(system, REQUESTS)

    def measure(job: str, cases: list[UUID], run: Callable[[], float]) -> Measured:
        before = cpu_seconds(system)
        seconds = run()
        costs = spent(before, cpu_seconds(system), len(cases))
        if not exactly_once(system, cases):
            raise SystemExit(f"{job}: a department misses a whistle, or has one twice")
        print(f"round {number}, {job}: {len(cases) / seconds:.0f} whistles/s, {sum(costs.values()):.2f} ms CPU each")
        return Measured(number, job, len(cases) / seconds, costs)

    ids = [UUID(one.subject) for one in handed_over]
    return [
        measure("by message", ids, lambda: by_message(system, handed_over)),
        measure("by HTTP, straight to intake", straight, lambda: by_http(system, straight, gateway=False)),
        measure("by HTTP, through the gateway", around, lambda: by_http(system, around, gateway=True)),
    ]


def _show(report: Report) -> None:
    ours = sum(size for name, size in report.memory.items() if name not in SERVERS)
    print(f"\nidle memory, MB (PSS): ours {ours:.0f};", ", ".join(f"{name} {mb}" for name, mb in report.memory.items()))
    for job in dict.fromkeys(one.job for one in report.measured):
        rounds = [one for one in report.measured if one.job == job]
        print(f"\n{job}: CPU ms a whistle, each round ({', '.join(f'{one.rate:.0f}/s' for one in rounds)})")
        for name in rounds[0].costs:
            print(f"  {name:<12}" + "".join(f"{one.costs[name]:9.3f}" for one in rounds))
        print(f"  {'all':<12}" + "".join(f"{sum(one.costs.values()):9.3f}" for one in rounds))


if __name__ == "__main__":
    main()
