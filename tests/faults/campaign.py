"""A campaign: a load of whole lives, faults while it goes on, then quiet, and the checker."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import create_engine

from shared.store.database import driver_url
from tests.faults.checker import Verdict, check
from tests.faults.field import Field
from tests.faults.load import Load
from tests.faults.nemesis import Nemesis, Struck
from tests.support.eventually import eventually
from tools.reckoning import Reckoning, reckon
from tools.servers.postgres import plain

DRAINED_WITHIN, GIVE_UP = 60.0, 240.0  # seconds after the last fault: the bound, and until nobody waits longer
WHOLE_WITHIN = 600.0  # seconds for the next cases to begin
SHORT = 25.0  # seconds, where something is lost for certain
SHOWN = 10  # problems


class Kind(NamedTuple):
    """How often a kind of fault was done with commands in flight; the longest that any command waited meanwhile, in
    seconds, and how often the most unlucky one had to be asked.
    """

    name: str
    times: int
    longest: float
    asked: int


class Outcome(NamedTuple):
    """What came of a campaign; `drained` is how many seconds after the last fault all was quiet."""

    seed: int
    kinds: list[Kind]
    cases: int
    verdict: Verdict
    drained: float
    left: str  # what was not drained
    stuck: list[str]  # processes that did not end when they were told to, and were killed

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or illegal, and everything drained in time."""
        return self.verdict.good and not self.left and self.drained <= DRAINED_WITHIN

    @property
    def line(self) -> str:
        """The last line."""
        lost, doubled, illegal = map(len, self.verdict)
        faults = sum(kind.times for kind in self.kinds)
        return (
            f"faults: {faults} faults, {self.cases} cases, {lost} lost, {doubled} doubled, {illegal} illegal, "
            f"drained in {self.drained:.0f} s"
        )

    @property
    def plain(self) -> dict[str, Any]:
        """For JSON."""
        said = {
            "seed": self.seed,
            "cases": self.cases,
            "drained_seconds": round(self.drained, 1),
            "left": self.left,
            "stuck": self.stuck,
        }
        kinds = [kind._asdict() for kind in self.kinds]
        return {**said, "faults": kinds, **self.verdict._asdict()}

    def __str__(self) -> str:
        table = [_line(kind) for kind in self.kinds]
        problems = [one for what in self.verdict for one in what[:SHOWN]]
        stuck = [f"killed, as they did not end: {', '.join(self.stuck)}"] if self.stuck else []
        return "\n".join(
            [*table, *problems, *stuck, *([self.left] if self.left else []), f"seed {self.seed}", self.line]
        )


@contextmanager
def field(say: Callable[[str], None], **options: Any) -> Iterator[Field]:
    """A running system in a directory of its own, which goes with it; `options` are `Field`'s."""
    with TemporaryDirectory(prefix="whistle-faults-") as directory, Field(Path(directory), say=say, **options) as town:
        yield town


def quick(seed: int, say: Callable[[str], None] = print) -> Outcome:
    """One kill of each service, of the broker and of the database, and one poison, in an order that the seed draws."""
    random = Random(seed)
    with field(say) as town:
        with Load(town, people=8, rate=3) as load:
            nemesis = Nemesis(town, load, random, say)
            kinds = {name: fault for name, fault in nemesis.faults().items() if name.startswith(("kill", "poison"))}
            for kind in random.sample(sorted(kinds), len(kinds)):
                nemesis.strike(kind, kinds[kind])
            load.stop()
        return judge(town, load, nemesis, seed)


def broken(mutation: str, place: str, services: Sequence[str], say: Callable[[str], None] = print) -> Outcome:
    """A guarantee is broken, and processes die at the place where it would have been needed."""
    with field(say, mutation=mutation) as town:
        with Load(town, people=8, rate=6, patience=SHORT) as load:
            nemesis = Nemesis(town, load, Random(0), say)
            for service in services:
                nemesis.strike(f"die {place}", partial(nemesis.die_at, place, (service,)))
            load.stop()
        return judge(town, load, nemesis, 0, within=SHORT)


def whole(seed: int, times: int, cases: int, say: Callable[[str], None] = print) -> Outcome:
    """Each kind of fault so often with commands in flight, in an order that the seed draws, spread over the cases."""
    random = Random(seed)
    with field(say, large=True, small_disk=True) as town:
        with Load(town, people=16, rate=3) as load:
            nemesis = Nemesis(town, load, random, say)
            kinds = nemesis.faults()
            left = [kind for kind in kinds for _ in range(times)]
            random.shuffle(left)
            total = len(left)
            while left:
                _begun(load, cases * (total - len(left) + 1) // total)
                kind = left.pop()
                if not nemesis.strike(kind, kinds[kind]).counts:
                    left.insert(0, kind)
                say(f"{len(left)} faults to come, {len(load.lives)} cases")
            load.stop()
        return judge(town, load, nemesis, seed)


def _begun(load: Load, cases: int) -> None:
    """Wait until so many cases have begun: the last fault comes when all have."""
    eventually(lambda: len(load.lives) >= cases or not load.going_on, WHOLE_WITHIN, f"{cases} cases have begun", 0.2)


def judge(town: Field, load: Load, nemesis: Nemesis, seed: int, within: float = GIVE_UP) -> Outcome:
    """Wait until all is quiet, at most so many seconds, and check. The load has ended."""
    last = nemesis.struck[-1].ended
    town.serves()
    found, left = drained(town, nemesis.poisons, within)
    verdict = check(plain(town.system.database_url), load.lives)
    kinds = [_kind(load, name, nemesis.struck) for name in sorted({one.kind for one in nemesis.struck})]
    return Outcome(seed, kinds, len(load.lives), verdict, found - last, left, nemesis.stuck)


def _kind(load: Load, name: str, struck: list[Struck]) -> Kind:
    of = [one for one in struck if one.kind == name]
    worst = [load.worst(one.began, one.ended) for one in of]
    longest, asked = max(seconds for seconds, _ in worst), max(times for _, times in worst)
    return Kind(name, sum(one.counts for one in of), longest, asked)


def _line(kind: Kind) -> str:
    return f"{kind.name:24} {kind.times:4} times, longest wait {kind.longest:5.1f} s, asked {kind.asked} times at most"


def drained(town: Field, poisons: int, within: float) -> tuple[float, str]:
    """When everything had arrived everywhere, and only poison was parked; and what was left, if it never was so."""
    engine = create_engine(driver_url(town.system.database_url))
    until = time.monotonic() + within
    try:
        while True:
            with engine.connect() as connection:
                found = reckon(connection)
            quiet = not (found.unsent or found.gaps) and found.parked == poisons
            if quiet or time.monotonic() > until:
                return time.monotonic(), "" if quiet else _told(found, poisons)
            time.sleep(0.2)
    finally:
        engine.dispose()


def _told(found: Reckoning, poisons: int) -> str:
    gaps = ", ".join(map(str, found.gaps[:3]))
    return (
        f"not drained: {found.unsent} unsent, {found.parked} parked of {poisons} poisons, {len(found.gaps)} gaps {gaps}"
    )
