"""What a run of `make bench-grown` found out: as JSON, as tables, and in one line."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

MOST_CPU, MOST_TIME = 1.15, 1.5


@dataclass(frozen=True, slots=True)
class Filled:
    """A database: how many cases, how long filling took, what it takes on disk."""

    name: str
    closed: int
    open: int
    whole_every: int
    seconds: float
    megabytes: int


@dataclass(frozen=True, slots=True)
class Round:
    """A system in one round: whistles a second, and CPU milliseconds a whistle by process."""

    round: int
    system: str
    rate: float
    costs: Mapping[str, float]

    @property
    def whole(self) -> float:
        """All processes together."""
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """A list with few cases and with many, in milliseconds; rows of a page (0: it is not asked page by page)."""

    name: str
    rows: int
    small_p50: float
    small_p95: float
    grown_p50: float
    grown_p95: float

    @property
    def ratio(self) -> float:
        """How many times as long it takes."""
        return self.grown_p95 / self.small_p95


@dataclass(frozen=True, slots=True)
class Grown:
    """Everything that a run found out."""

    at: datetime
    filled: list[Filled]
    rounds: list[Round]
    asked: list[Asked]
    unasked: list[str]

    def of(self, system: str) -> list[Round]:
        """Its rounds."""
        return [one for one in self.rounds if one.system == system]

    @property
    def ratios(self) -> list[float]:
        """What a whistle costs on the grown system as a multiple of the empty one, in each round."""
        return [grown.whole / empty.whole for empty, grown in zip(self.of("empty"), self.of("grown"), strict=True)]

    @property
    def slowest(self) -> Asked:
        """The list that grew most."""
        return max(self.asked, key=lambda one: one.ratio)

    @property
    def good(self) -> bool:
        """Whether both bounds hold."""
        return statistics.median(self.ratios) <= MOST_CPU and self.slowest.ratio <= MOST_TIME

    def last_line(self) -> str:
        """The median of the rounds, and the worst list."""
        ratio, slowest = statistics.median(self.ratios), self.slowest
        return f"bench-grown: grown/empty {ratio:.2f}, slowest list {slowest.ratio:.2f} ({slowest.name})"


def write(report: Grown, directory: Path) -> None:
    """`grown.json` and `grown.md`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "grown.json").write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    (directory / "grown.md").write_text(show(report), encoding="utf-8")


def show(report: Grown) -> str:
    """The figures, for people (Markdown)."""
    return "\n".join([*_sizes(report), *_costs(report), *_lists(report), "", report.last_line(), ""])


def _sizes(report: Grown) -> list[str]:
    lines = [
        f"# `make bench-grown`, {report.at:%Y-%m-%d %H:%M} UTC, {len(report.ratios)} rounds",
        "",
        "Cases are copies of some eighty that were played. Of the closed ones only one in so many went the whole way "
        "with three departments; the others were handled by the community itself (社区自办). Open ones stand at every "
        "stage, and none of their clocks is due while it is measured.",
        "",
        "| database | closed | one in … the whole way | open | filled in, s | MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    return lines + [
        f"| {one.name} | {one.closed:,} | {one.whole_every} | {one.open:,} | {one.seconds:.0f} | {one.megabytes:,} |"
        for one in report.filled
    ]


def _costs(report: Grown) -> list[str]:
    processes = list(report.rounds[0].costs)
    lines = [
        "",
        "CPU milliseconds a whistle by process, by message, every service running (medians of the rounds).",
        "",
        f"| system | {' | '.join(processes)} | **all** | a second |",
        f"|---|{'---:|' * (len(processes) + 2)}",
    ]
    for system in ("empty", "grown"):
        found = report.of(system)
        costs = " | ".join(f"{statistics.median(one.costs[process] for one in found):.2f}" for process in processes)
        whole, rate = (statistics.median(of) for of in zip(*((one.whole, one.rate) for one in found), strict=True))
        lines.append(f"| {system} | {costs} | **{whole:.2f}** | {rate:.0f} |")
    ratios = report.ratios
    least, middle, most = (f"{value:.2f}" for value in (min(ratios), statistics.median(ratios), max(ratios)))
    return [*lines, "", f"Grown/empty: least {least}, median {middle}, most {most}; at most {MOST_CPU}."]


def _lists(report: Grown) -> list[str]:
    lines = [
        "",
        f"Lists and queues, milliseconds with few cases and with many; p95 at most {MOST_TIME} times as long. Both are "
        "asked for a page of 100 rows; where few cases have fewer, for as many as those have.",
        "",
        "| question | rows | few, p50 | p95 | many, p50 | p95 | p95 × |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in sorted(report.asked, key=lambda one: -one.ratio):
        figures = (one.small_p50, one.small_p95, one.grown_p50, one.grown_p95)
        lines.append(
            f"| {one.name} | {one.rows or '–'} | {' | '.join(f'{value:.2f}' for value in figures)} | {one.ratio:.2f} |"
        )
    return [*lines, "", f"Not asked, as too little of it was played: {', '.join(report.unasked) or 'nothing'}."]
