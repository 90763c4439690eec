"""What a run of `make bench` found out: as JSON, as a table, as a picture, and in one line."""

import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from tests.bench.latency import RATE, Latency
from tests.bench.life import Lived

LIMIT, MESSAGE, ALL = "limit", "message", "all"
HTTP, GATEWAY = "http", "gateway"
WHAT = {
    LIMIT: "by hand, no framework (the limit)",
    MESSAGE: "by message, with the services of the job",
    ALL: "by message, with every service, its clocks and its history",
    HTTP: "by HTTP, straight to intake",
    GATEWAY: "by HTTP, through the gateway",
}
SERVERS = ("RabbitMQ", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Measured:
    """One job in one round: whistles a second; CPU milliseconds a whistle and the largest resident MB, by process.

    `latency` is that at the fixed rate, where the job was measured so.
    """

    round: int
    job: str
    rate: float
    costs: Mapping[str, float]
    peaks: Mapping[str, float]
    latency: Latency | None = None

    @property
    def whole(self) -> float:
        """All processes together."""
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found out; `memory` in MB (PSS), idle, every service running; a life for each round."""

    at: datetime
    memory: Mapping[str, float]
    measured: list[Measured]
    lives: list[Lived]

    def of(self, job: str) -> list[Measured]:
        """Its rounds."""
        return [one for one in self.measured if one.job == job]

    @property
    def jobs(self) -> list[str]:
        """In the order in which they were measured."""
        return list(dict.fromkeys(one.job for one in self.measured))

    def ratios(self, job: str, to: str) -> list[float]:
        """What one costs as a multiple of the other, in each round."""
        return [one.whole / other.whole for one, other in zip(self.of(job), self.of(to), strict=True)]

    def last_line(self) -> str:
        """Medians over the rounds."""
        peers = [job for job in self.jobs if job not in WHAT]
        pairs = [("message/limit", MESSAGE, LIMIT), ("all/limit", ALL, LIMIT)]
        pairs += [(f"{peer}/message", peer, MESSAGE) for peer in peers] + [("http/limit", HTTP, LIMIT)]
        told = ", ".join(f"{name} {statistics.median(self.ratios(job, to)):.1f}" for name, job, to in pairs)
        rate = statistics.median(one.rate for one in self.of(HTTP))
        life = statistics.median(one.whole for one in self.lives)
        return f"bench: {told}, http {rate:.0f} per s, life {life:.0f} ms"


def write(report: Report, directory: Path) -> None:
    """`bench.json`, `bench.md` and `bench.png`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    (directory / "bench.md").write_text(table(report), encoding="utf-8")
    draw(report, directory / "bench.png")


def table(report: Report) -> str:
    """The figures, for people (Markdown)."""
    return "\n".join([*_jobs(report), *_ratios(report), *_lives(report), *_memory(report), "", report.last_line(), ""])


def draw(report: Report, path: Path) -> None:
    """Bars of what a whistle costs, by process; medians over the rounds."""
    from matplotlib import pyplot  # what only this needs, and only `make bench` installs

    figure, axes = pyplot.subplots(figsize=(9, 4.5), layout="constrained")
    left = [0.0] * len(report.jobs)
    for process in dict.fromkeys(name for one in report.measured for name in one.costs):
        costs = [_median(report, job, process) for job in report.jobs]
        if max(costs) >= 0.005:
            axes.barh(report.jobs, costs, left=left, label=process)
            left = [before + cost for before, cost in zip(left, costs, strict=True)]
    for row, cost in enumerate(left):
        axes.text(cost, row, f" {cost:.1f}", va="center")
    axes.invert_yaxis()
    axes.set_xlabel("CPU ms a whistle, all processes (median of the rounds)")
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def _jobs(report: Report) -> list[str]:
    rounds = len(report.of(report.jobs[0]))
    processes = list(dict.fromkeys(name for one in report.measured for name in one.costs))
    lines = [
        f"# `make bench`, {report.at:%Y-%m-%d %H:%M} UTC, {rounds} rounds",
        "",
        "CPU milliseconds a whistle by process (medians of the rounds), whistles a second, and at "
        f"{RATE:.0f} whistles a second the milliseconds from submission to the third inbox.",
        "",
        f"| job | {' | '.join(processes)} | **all** | a second | p50 | p99 | largest process, MB |",
        f"|---|{'---:|' * (len(processes) + 5)}",
    ]
    for job in report.jobs:
        found = report.of(job)
        costs = " | ".join(f"{cost:.2f}" if (cost := _median(report, job, one)) else "" for one in processes)
        whole, rate = (
            statistics.median(value) for value in zip(*((one.whole, one.rate) for one in found), strict=True)
        )
        ours = [size for one in found for name, size in one.peaks.items() if name not in SERVERS]
        peak = f"{max(ours):.0f}" if ours else ""
        lines.append(f"| {WHAT.get(job, job)} | {costs} | **{whole:.2f}** | {rate:.0f} | {_latency(found)} | {peak} |")
    return lines


def _latency(found: list[Measured]) -> str:
    known = [one.latency for one in found if one.latency]
    if not known:
        return "|"
    middle, late = (statistics.median(value) for value in zip(*((one.p50, one.p99) for one in known), strict=True))
    return f"{middle * 1000:.0f} | {late * 1000:.0f}"


def _ratios(report: Report) -> list[str]:
    lines = ["", "Ratios within a round (CPU): least, median, most.", "", "| ratio | | | |", "|---|---:|---:|---:|"]
    for job in report.jobs:
        to = LIMIT if job in WHAT else MESSAGE
        if job != to:
            found = report.ratios(job, to)
            figures = " | ".join(f"{value:.2f}" for value in (min(found), statistics.median(found), max(found)))
            lines.append(f"| {job}/{to} | {figures} |")
    return lines


def _lives(report: Report) -> list[str]:
    lives = report.lives
    alone, queued, whole, ratio = (
        statistics.median(each)
        for each in zip(*((one.alone, one.queued, one.whole, one.whole / one.queued) for one in lives), strict=True)
    )
    lines = [
        "",
        f"The whole life of a case ({lives[0].commands} commands), CPU ms a case of everything: one kind of command at "
        "a time over HTTP, straight to the services, and by queue, to the services' engines; and mixed, over HTTP.",
        "",
        "| | over HTTP | by queue | |",
        "|---|---:|---:|---:|",
    ]
    for kind in lives[0].by_kind:
        http, queue = (statistics.median(costs) for costs in zip(*_both(lives, kind), strict=True))
        lines.append(f"| {kind} | {http:.1f} | {queue:.1f} | {http / queue:.2f} |")
    rate = statistics.median(one.rate for one in lives)
    return [
        *lines,
        f"| all kinds, each alone | {alone:.0f} | {queued:.0f} | {alone / queued:.2f} |",
        f"| **mixed** ({rate:.0f} cases a second) | **{whole:.0f}** | | **{ratio:.2f}** |",
        "",
        "The last column is how many times what it costs by queue; of mixed, all kinds by queue, within a round.",
    ]


def _both(lives: Iterable[Lived], kind: str) -> Iterator[tuple[float, float]]:
    """A kind over HTTP and by queue, in each round."""
    return ((one.by_kind[kind], one.by_queue[kind]) for one in lives)


def _memory(report: Report) -> list[str]:
    ours = sum(size for name, size in report.memory.items() if name not in SERVERS)
    each = ", ".join(f"{name} {size:.0f}" for name, size in report.memory.items())
    return ["", f"Idle, every service running, MB (PSS): our processes {ours:.0f} together; {each}."]


def _median(report: Report, job: str, process: str) -> float:
    return statistics.median(one.costs.get(process, 0.0) for one in report.of(job))
