"""What a run of `make soak` found out, and whether it is good: as JSON, as a table, as a picture, and in one line."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

MOST, GROWTH = 150.0, 5.0  # MB of a process, and by how much it may grow
FEW = 20  # messages or events by which what waits may differ
MORE = 1.25  # times as many rows kept, where retention is at work
STEADY = 6.0  # minutes until what is removed comes up with what is kept
EARLY, LATE = (1 / 3, 0.4), (0.9, 1.0)  # the parts of the run that are compared
LOOSE = 1.0  # seconds by which a sample may be late


@dataclass(frozen=True, slots=True)
class Sample:
    """At so many seconds: MB (PSS) of each with all its processes, and of the largest of these; rows of all services;
    messages that wait in all queues.
    """

    at: float
    memory: Mapping[str, float]
    largest: Mapping[str, float]
    unsent: int
    inbox: int
    outbox: int
    parked: int
    queues: int


WAITING, KEPT = ("unsent", "queues", "parked"), ("inbox", "outbox")


@dataclass(frozen=True, slots=True)
class Soak:
    """A run: `rate` lives a second for so many minutes, what was done, and what went `wrong`; `cpu` seconds a second of
    everything.
    """

    at: datetime
    minutes: float
    rate: float
    cases: int
    whistles: int
    reads: int
    cpu: float
    wrong: list[str]
    samples: list[Sample]

    @property
    def most(self) -> tuple[float, str]:
        """The most that a process had, and which."""
        return max((size, name) for sample in self.samples for name, size in sample.largest.items())

    @property
    def growth(self) -> tuple[float, str]:
        """By how much the process that grew most did, in MB, and which."""
        return max((self.grown(name), name) for name in self.samples[0].largest)

    def grown(self, name: str) -> float:
        """By how much its largest process did: the median of the last tenth less that of a while after the start."""
        early, late = (statistics.median(self._sizes(name, *part)) for part in (EARLY, LATE))
        return late - early

    @property
    def broken(self) -> list[str]:
        """What went wrong, and the bounds that do not hold."""
        found = [*self.wrong]
        for name in self.samples[0].largest:
            size, growth = max(one.largest[name] for one in self.samples), self.grown(name)
            found += [f"{name} had {size:.0f} MB, more than {MOST:.0f}"] if size > MOST else []
            found += [f"{name} grew by {growth:.1f} MB, more than {GROWTH:.0f}"] if growth > GROWTH else []
        for what in WAITING:
            early, late = self._medians(what)
            found += [f"{what}: {early:.0f} became {late:.0f}"] if late > early + FEW else []
        for what in KEPT if self.shows_removal else ():
            early, late = self._medians(what)
            found += [f"{what}: {early:.0f} rows became {late:.0f}"] if late > MORE * early else []
        return found

    @property
    def shows_removal(self) -> bool:
        """Whether it took long enough for that."""
        return EARLY[0] * self.minutes >= STEADY

    def by_minute(self) -> list[Sample]:
        """Medians of each minute; at most about thirty."""
        width = max(1.0, round(self.minutes / 30)) * 60
        count = max(1, round(self.minutes * 60 / width))
        return [self._median(self._part(number / count, (number + 1) / count)) for number in range(count)]

    def last_line(self) -> str:
        """What it comes to."""
        (size, largest), (growth, grown) = self.most, self.growth
        queues = max(sample.queues for sample in self.samples)
        return (
            f"soak: {self.minutes:g} minutes, {self.cases} cases, {size:.0f} MB at most ({largest}), "
            f"growth {growth:.1f} MB ({grown}), queues {queues} at most"
        )

    def _sizes(self, name: str, first: float, last: float) -> list[float]:
        return [one.largest[name] for one in self._part(first, last)]

    def _part(self, first: float, last: float) -> list[Sample]:
        whole = self.minutes * 60
        return [one for one in self.samples if first * whole < one.at - LOOSE <= last * whole]

    def _medians(self, what: str) -> tuple[float, float]:
        early, late = (statistics.median(getattr(one, what) for one in self._part(*part)) for part in (EARLY, LATE))
        return early, late

    @staticmethod
    def _median(some: list[Sample]) -> Sample:
        memory = {name: statistics.median(one.memory[name] for one in some) for name in some[0].memory}
        largest = {name: statistics.median(one.largest[name] for one in some) for name in some[0].largest}
        counts = {what: round(statistics.median(getattr(one, what) for one in some)) for what in (*WAITING, *KEPT)}
        return Sample(some[-1].at, memory, largest, **counts)


def write(soak: Soak, directory: Path) -> None:
    """`soak.json`, `soak.md` and `soak.png`."""
    directory.mkdir(parents=True, exist_ok=True)
    told = replace(soak, samples=[_rounded(one) for one in soak.by_minute()])
    (directory / "soak.json").write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")
    (directory / "soak.md").write_text(table(soak), encoding="utf-8")
    draw(soak, directory / "soak.png")


def table(soak: Soak) -> str:
    """The figures, for people (Markdown)."""
    names = list(soak.samples[0].memory)
    each = [max(one.largest[name] for one in soak.samples) for name in names]
    lines = [
        f"# `make soak`, {soak.at:%Y-%m-%d %H:%M} UTC, {soak.minutes:g} minutes",
        "",
        f"{soak.cases} whole lives of cases over HTTP through the gateway (at {soak.rate:g} a second), "
        f"{soak.whistles} whistles by message and {soak.reads} lists read; {soak.cpu:.2f} seconds of CPU a second.",
        "",
        "Medians of each minute: MB of each process (proportional set size; of PostgreSQL and RabbitMQ all their "
        "processes together), rows of all services, and messages that wait in all queues and were given to nobody yet.",
        "",
        f"| minute | {' | '.join((*names, *WAITING, *KEPT))} |",
        f"|{'---:|' * (1 + len(names) + len(WAITING) + len(KEPT))}",
    ]
    for one in soak.by_minute():
        sizes = (f"{one.memory[name]:.1f}" for name in names)
        counts = (str(getattr(one, what)) for what in (*WAITING, *KEPT))
        lines.append(f"| {one.at / 60:.0f} | {' | '.join((*sizes, *counts))} |")
    nothing = " |" * (len(WAITING) + len(KEPT))
    lines += [
        f"| largest process | {' | '.join(f'{size:.1f}' for size in each)} |{nothing}",
        f"| growth | {' | '.join(f'{soak.grown(name):.1f}' for name in names)} |{nothing}",
        "",
        f"No process may have more than {MOST:.0f} MB, or grow by more than {GROWTH:.0f} MB: the median of the last "
        "tenth of the time less that from a third to two fifths of it. Of PostgreSQL and RabbitMQ the largest process "
        "counts.",
        "",
        *(f"- {one}" for one in soak.broken or ["Every bound holds."]),
        "",
        soak.last_line(),
        "",
    ]
    return "\n".join(lines)


def draw(soak: Soak, path: Path) -> None:
    """Memory of each process above, what waits and what is kept below."""
    from matplotlib import pyplot  # what only this needs, and only `make soak` and `make bench` install

    figure, (above, below) = pyplot.subplots(2, sharex=True, figsize=(9, 6), layout="constrained")
    minutes = [one.at / 60 for one in soak.samples]
    above.set_prop_cycle(color=pyplot.get_cmap("tab20").colors)
    for name in soak.samples[0].memory:
        above.plot(minutes, [one.memory[name] for one in soak.samples], label=name, linewidth=1)
    for what in (*WAITING, *KEPT):
        below.plot(minutes, [getattr(one, what) for one in soak.samples], label=what, linewidth=1)
    above.set_ylabel("MB (PSS)")
    above.set_ylim(bottom=0)
    below.set_yscale("symlog")
    below.set_ylim(bottom=0)
    below.set_ylabel("rows, messages")
    below.set_xlabel("minutes")
    for axes in (above, below):
        axes.legend(fontsize="x-small", ncols=2, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def _rounded(one: Sample) -> Sample:
    memory, largest = ({name: round(size, 1) for name, size in of.items()} for of in (one.memory, one.largest))
    return replace(one, at=round(one.at), memory=memory, largest=largest)
