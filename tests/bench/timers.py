"""`make bench-timers`: 100,000 timers, 10,000 due within a minute, two replicas of which one is killed 20 times."""

import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import urllib3
from sqlalchemy import create_engine

from services.supervision.store import tables
from services.supervision.wiring import WIRING
from shared.access.token import ensure_keys
from shared.engine.timers import Timers
from shared.store.migrate import migrate
from tests.support.eventually import eventually
from tools.child import Child, environment
from tools.servers.postgres import PrivatePostgres, plain
from tools.servers.private import free_ports
from tools.servers.rabbitmq import PrivateRabbitMQ

RUNNING, DUE, MINUTE = 100_000, 10_000, 60
KILLS = 20
BEFORE = 45.0  # seconds until the first is due: both replicas serve by then
LOOKS = 300
FEW, MANY = 10_000, 1_000_000

CASES = """
INSERT INTO supervision.case_file (id, number, channel, kind, category, area, address, summary, author, emergency,
    state, standings, facts_rank, round, returns, failures, attempts, unreached, verdicts, parts, departments, waiting,
    running, stopped, overdue, escalated, orders, supervised, words, sought, first_at, entries, version)
SELECT md5('case' || n)::uuid, 'B-' || n, 'walk_in', 'daily', 'E06-01', 'cj.sanhe.honghu', '', '', '', false,
    'dispatched', '[]', 1, 1, 0, 0, 0, false, '[]', '[]', '["zhujian"]', '[]',
    '[]', '[]', '[]', '', '[]', false, '[]', '', now(), 0, 1
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
CLOCKS = """
INSERT INTO supervision.case_clocks (id, clocks, provisional, next_at, version)
SELECT md5('case' || n)::uuid, json_build_array(json_build_object(
        'id', md5('clock' || n)::uuid, 'name', 'close', 'department', 'zhujian', 'calendar', 'N', 'days', 5,
        'started_at', at - interval '5 days', 'due_at', at,
        'steps', json_build_array(json_build_array('overdue', at)))),
    false, at, 1
FROM (SELECT n, CASE WHEN n <= %(due)s::int
        THEN %(begin)s::timestamptz + n * (%(span)s::float / greatest(%(due)s::int, 1)) * interval '1 second'
        ELSE %(begin)s::timestamptz + interval '1 day' + n * interval '1 second' END AS at
      FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS timers
"""
TOLD = """
SELECT convert_from(data, 'utf8')::jsonb -> 'clock' ->> 'clock_id',
       extract(epoch FROM time - (convert_from(data, 'utf8')::jsonb ->> 'overdue_at')::timestamptz)
FROM supervision.outbox WHERE type = 'clock.overdue.v1'
"""


def main() -> int:
    """Both measurements on private servers; 1 if a timer fired twice, early or never, or a tick grew too dear."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-timers-"))
    try:
        with ExitStack() as stack:
            postgres = stack.enter_context(PrivatePostgres(directory / "postgres"))
            broker = stack.enter_context(PrivateRabbitMQ(directory / "rabbitmq"))
            ensure_keys(directory / "keys")
            migrate(WIRING.name, postgres.url)
            ratio = tick_ratio(postgres.url)
            good = crashes(postgres.url, broker.url, directory)
    finally:
        shutil.rmtree(directory)
    return 0 if good and ratio <= 1.5 else 1


def crashes(database: str, broker: str, directory: Path) -> bool:
    """Every timer fires once and none early, whatever happens to one of two replicas."""
    with connect(database) as connection:
        begin = connection.execute("SELECT now() + %s * interval '1 second'", [BEFORE]).fetchone()
        fill(connection, 1, RUNNING, DUE, begin[0] if begin else None)
    one, two = (Replica(f"supervision-{number}", database, broker, directory) for number in (1, 2))
    try:
        one.start()
        two.start()
        one.wait()
        wait_for(database, 1)
        for kill in range(1, KILLS + 1):
            two.kill_when_it_serves()
            print(f"killed {kill} of {KILLS}: {told(database)} of {DUE} told", flush=True)
        wait_for(database, DUE)
    finally:
        one.stop()
        two.stop()
    with connect(database) as connection:
        rows = connection.execute(TOLD).fetchall()
    lags = sorted(float(lag) for _, lag in rows)
    twice, early = len(rows) - len({clock for clock, _ in rows}), sum(lag < 0 for lag in lags)
    p50, p99 = (lags[int(len(lags) * share)] for share in (0.5, 0.99))
    print(
        f"{len(rows)} told, {twice} twice, {early} early; lag p50 {p50:.2f} s, p99 {p99:.2f} s, most {lags[-1]:.2f} s"
    )
    return len(rows) == DUE and not twice and not early


def tick_ratio(database: str) -> float:
    """What a look at the timers costs with a million running, against ten thousand; the tables are empty after."""
    cost = {}
    for count in (FEW, MANY):
        with connect(database) as connection:
            fill(connection, 1, count, 0, connection.execute("SELECT now()").fetchone()[0])  # type: ignore[index]  # one row
            connection.execute("VACUUM ANALYZE supervision.case_clocks")
            connection.execute("CHECKPOINT")  # what filling them left to write is no part of a look
        engine = create_engine(database, connect_args={"options": "-c plan_cache_mode=force_custom_plan"})
        timers = Timers(engine, tables.case_clocks, lambda _works: [], lambda _id: None)
        taken = []
        for _ in range(LOOKS):
            begun = time.perf_counter()
            timers.step()
            taken.append(time.perf_counter() - begun)
        engine.dispose()
        cost[count] = statistics.median(taken) * 1000
        print(f"{count} running timers: a look takes {cost[count]:.2f} ms (median of {LOOKS})", flush=True)
        with connect(database) as connection:
            connection.execute("TRUNCATE supervision.case_clocks, supervision.case_file")
    ratio = cost[MANY] / cost[FEW]
    print(f"ratio {ratio:.2f}, at most 1.5")
    return ratio


class Replica:
    """One process of the service, started again whenever it is killed."""

    def __init__(self, name: str, database: str, broker: str, directory: Path) -> None:
        self._port = free_ports(1)
        self._log = directory / f"{name}.log"
        self._env = environment(
            AMQP_URL=broker,
            DATABASE_URL=database,
            WHISTLE_PORT=str(self._port),
            WHISTLE_KEYS=str(directory / "keys"),
            WHISTLE_FILES=str(directory / "files"),
        )
        self._child: Child | None = None

    def start(self) -> None:
        self._child = Child([sys.executable, "-m", "tools.serve", WIRING.name], env=self._env, log=self._log)

    def wait(self) -> None:
        eventually(self._serves, 60, "the replica serves", 0.1)

    def kill_when_it_serves(self) -> None:
        self.wait()
        if self._child:
            self._child.kill()
        self.start()

    def stop(self) -> None:
        if self._child:
            self._child.stop()

    def _serves(self) -> bool:
        try:
            return urllib3.request("GET", f"http://127.0.0.1:{self._port}/livez", retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False


def fill(connection: psycopg.Connection[tuple[object, ...]], first: int, last: int, due: int, begin: object) -> None:
    """So many running timers, the first `due` of them within a minute from `begin`."""
    spread = {"first": first, "last": last, "due": max(due, 1), "begin": begin, "span": MINUTE}
    connection.execute(CASES, spread)
    connection.execute(CLOCKS, {**spread, "begin": begin} if due else {**spread, "due": 0, "span": 0})


def told(database: str) -> int:
    """How many have been told."""
    with connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM supervision.outbox WHERE type = 'clock.overdue.v1'").fetchone()
    return int(row[0]) if row else 0


def wait_for(database: str, count: int, patience: float = 180.0) -> None:
    """Until so many have been told."""
    eventually(lambda: told(database) >= count, patience, f"{count} are told", 0.25)


def connect(database: str) -> psycopg.Connection[tuple[int, ...]]:
    """A connection of the test's own."""
    return psycopg.connect(plain(database), autocommit=True)


if __name__ == "__main__":
    sys.exit(main())
