"""A minute without the broker, and a minute without one consumer, while whistles go on being blown.

Intake must not notice: its p99 stays under 300 ms, no service grows by more than 50 MB, and in the end every department
has every summons once.
"""

import os
import signal
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import psycopg

from tests.bench.costs import memory_of_each
from tests.faults.campaign import drained, field
from tests.faults.field import Field
from tests.faults.load import Load
from tests.support.plain_model import DEPARTMENTS
from tools.servers.postgres import plain

WHISTLES = 4.0  # a second
BEFORE, AWAY, AFTER = 10.0, 60.0, 10.0  # seconds
MOST_MS, MOST_MB, DRAINED_WITHIN = 300.0, 50.0, 60.0
SUMMONSES = "SELECT count(*), count(DISTINCT department) FROM notice.summons WHERE case_id = %s"


class Backlog(NamedTuple):
    """What a minute without something did: intake's `p99` in milliseconds, the MB by which the service `grew` that grew
    most, the seconds until all had arrived, and how many cases have not each department's summons exactly once.
    """

    without: str
    whistles: int
    p99: float
    grew: str
    grown: float
    drained: float
    wrong: int

    @property
    def good(self) -> bool:
        """Whether it is within its bounds."""
        return self.p99 <= MOST_MS and self.grown <= MOST_MB and self.drained <= DRAINED_WITHIN and not self.wrong

    def __str__(self) -> str:
        return (
            f"backlog: {AWAY:.0f} s without {self.without}: {self.whistles} whistles, intake's p99 {self.p99:.0f} ms, "
            f"{self.grew} grew by {self.grown:.0f} MB, drained in {self.drained:.0f} s, {self.wrong} wrong"
        )


def backlogs(say: Callable[[str], None] = print) -> list[Backlog]:
    """Without the broker, then without dispatch."""
    with field(say) as town:
        return [measure(town, without, AWAYS[without]) for without in AWAYS]


def measure(town: Field, without: str, away: Callable[[Field], None]) -> Backlog:
    """Blow whistles at a steady rate before, while it is away, and after."""
    with Load(town, people=8, rate=WHISTLES, blown_only=True) as load:
        time.sleep(BEFORE)
        before = memory_of_each(town.system)
        away(town)
        back = time.monotonic()
        most = memory_of_each(town.system)
        time.sleep(AFTER)
    when, _ = drained(town, 0, DRAINED_WITHIN * 2)
    grown = {name: (sum(most[name]) - sum(before[name])) / 2**20 for name in before if name in town.processes}
    grew = max(grown, key=lambda name: grown[name])
    p99 = statistics.quantiles((wait.seconds * 1000 for wait in load.waits), n=100)[98]
    with psycopg.connect(plain(town.system.database_url)) as connection:
        found = [connection.execute(SUMMONSES, [life.case]).fetchone() for life in load.lives if life.ended]
    expected = (len(DEPARTMENTS), len(DEPARTMENTS))
    wrong = len(load.lives) - sum(one == expected for one in found)
    return Backlog(without, len(load.lives), p99, grew, grown[grew], when - back, wrong)


def _without_broker(town: Field) -> None:
    broker = town.system.broker
    assert broker is not None
    broker.kill()
    time.sleep(AWAY)
    broker.start()


def _without_dispatch(town: Field) -> None:
    pid = town.pid("dispatch")
    os.kill(pid, signal.SIGSTOP)
    time.sleep(AWAY)
    os.kill(pid, signal.SIGCONT)


AWAYS: dict[str, Callable[[Field], None]] = {"the broker": _without_broker, "dispatch": _without_dispatch}
