"""`python -m tests.bench.limit`: the limit by itself, and how far it is from its floor."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from shared.runtime.clock import now, uuid7
from tests.bench.contest import DEPARTMENTS, Call
from tests.bench.costs import spent, used
from tests.bench.limit import Limit
from tests.bench.limit.broker import BATCH
from tests.bench.limit.database import plain
from tests.bench.limit.floor import floor
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

CALLS, WARMING = 3_000, 600
MOST = 1.5  # times the floor
PATIENCE = 60.0  # seconds
LOOK_EVERY = 0.25

ARRIVED = f"SELECT count(*) >= %s FROM {Limit.inbox} WHERE delivered_at >= %s"
# Intake and dispatch have heard of everything, and everything said is confirmed.
DONE = """
SELECT NOT EXISTS (SELECT FROM limit_intake."case" WHERE dispatched_at IS NULL)
   AND NOT EXISTS (SELECT FROM limit_dispatch.assignment WHERE delivered_at IS NULL)
   AND NOT EXISTS (SELECT FROM limit_intake.outbox) AND NOT EXISTS (SELECT FROM limit_dispatch.outbox)
   AND NOT EXISTS (SELECT FROM limit_notice.outbox)
"""
REACHED = f"""
SELECT array_agg(department ORDER BY department), max(delivered_at)
FROM {Limit.inbox} WHERE case_id = ANY(%s) GROUP BY case_id
"""


def main() -> None:
    """On servers of its own; ends with an error if a department misses a call or has one twice."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-limit-"))
    try:
        with ExitStack() as stack:
            broker = stack.enter_context(PrivateRabbitMQ(directory / "rabbitmq"))
            postgres = stack.enter_context(PrivatePostgres(directory / "postgres"))
            with Limit(broker.url, postgres.url, directory) as limit:
                run(limit, calls(WARMING))
                before = _cpu(limit, broker, postgres)
                seconds = run(limit, calls(CALLS))
                costs = spent(before, _cpu(limit, broker, postgres), CALLS)
            lowest = floor(broker.url, postgres.url, calls(CALLS), BATCH, broker.pids, postgres.pids)
    finally:
        shutil.rmtree(directory)
    whole = sum(costs.values())
    print(f"{CALLS / seconds:.0f} whistles/s, {whole:.3f} ms CPU each:")
    print("  " + ", ".join(f"{name} {cost:.3f}" for name, cost in costs.items()))
    print(f"floor: {lowest.statements:.3f} statements + {lowest.confirms:.3f} confirms = {lowest.both:.3f}")
    print(f"{whole / lowest.both:.2f} times the floor, at most {MOST}")


def calls(count: int) -> list[Call]:
    """So many, each different."""
    return [
        Call(uuid7(), f"12345-{uuid7()}", "E06-01", "cj.sanhe.honghu.g03.c12", "西湖春天商铺楼", f"饭店漏水 {number}")
        for number in range(count)
    ]


def run(limit: Limit, some: Sequence[Call]) -> float:
    """Hand these over and wait until everything that follows is done; seconds until the last summons was delivered."""
    with psycopg.connect(plain(limit.database_url), autocommit=True) as connection:
        begun = now()
        limit.submit(some)
        _wait(connection, ARRIVED, len(DEPARTMENTS) * len(some), begun)
        _wait(connection, DONE)
        reached = connection.execute(REACHED, [[call.id for call in some]]).fetchall()
    if len(reached) != len(some) or any(departments != sorted(DEPARTMENTS) for departments, _ in reached):
        raise SystemExit("a department misses a call, or has one twice")
    took: timedelta = max(last for _, last in reached) - begun
    return took.total_seconds()


def _wait(connection: psycopg.Connection[tuple[Any, ...]], question: LiteralString, *values: object) -> None:
    """Until the answer is yes. Look rarely: looking is the database's work too."""
    deadline = time.monotonic() + PATIENCE
    while connection.execute(question, values).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise TimeoutError(question)
        time.sleep(LOOK_EVERY)


def _cpu(limit: Limit, broker: PrivateRabbitMQ, postgres: PrivatePostgres) -> dict[str, float]:
    processes = {**limit.pids(), "RabbitMQ": broker.pids(), "PostgreSQL": postgres.pids()}
    return {name: used(pids) for name, pids in processes.items()}


if __name__ == "__main__":
    main()
