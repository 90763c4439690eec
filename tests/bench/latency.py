"""How long a whistle takes from its submission to the third department's inbox, at a fixed rate.

Open loop: each is submitted at its time, however long the ones before it take. A summons is there when its row is
committed, which PostgreSQL itself knows (`track_commit_timestamp`).
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.bench.contest import LOOK_EVERY
from tests.support.eventually import eventually
from tools.servers.postgres import PrivatePostgres, plain

RATE = 100.0  # whistles a second
PATIENCE = 120.0  # seconds
AT_ONCE = 64  # requests that may be under way


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from submission to the third inbox."""

    p50: float
    p99: float


def note_commits(postgres: PrivatePostgres) -> None:
    """Let the server keep each transaction's time, from its next start on: now."""
    with psycopg.connect(plain(postgres.url), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    postgres.stop()
    postgres.start()


def paced(count: int, submit: Callable[[int], None]) -> list[float]:
    """Call `submit` with 0, 1, 2 … at the fixed rate, each in a thread; the times at which each was to begin."""
    begun = time.time() + 0.1
    times = [begun + number / RATE for number in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = []
        for number, at in enumerate(times):
            time.sleep(max(0.0, at - time.time()))
            asked.append(pool.submit(submit, number))
        for one in asked:
            one.result()
    return times


def until_there(database_url: str, inbox: str, cases: Sequence[UUID], submitted: Sequence[float]) -> Latency:
    """Wait until all three summonses of each case lie in `inbox`, and tell how long each case's third one took."""
    there = f"""
        SELECT case_id, extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 FROM {inbox}
        WHERE case_id = ANY(%s) GROUP BY case_id HAVING count(*) = 3"""
    with psycopg.connect(plain(database_url), autocommit=True) as connection:

        def all_there() -> Mapping[UUID, float] | None:
            found: dict[UUID, float] = dict(connection.execute(there, [list(cases)]).fetchall())
            return found if len(found) == len(cases) else None

        committed = eventually(all_there, PATIENCE, "every inbox has all", LOOK_EVERY)
    assert committed is not None
    took = [committed[case] - at for case, at in zip(cases, submitted, strict=True)]
    cuts = statistics.quantiles(took, n=100)
    return Latency(statistics.median(took), cuts[98])
