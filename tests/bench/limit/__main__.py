"""`python -m tests.bench.limit`: the limit by itself, and how far it is from its floor."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.contest import calls, deliver
from tests.bench.costs import spent, used
from tests.bench.limit import Limit
from tests.bench.limit.broker import BATCH
from tests.bench.limit.floor import floor
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

CALLS, WARMING = 3_000, 600
MOST = 1.5  # times the floor


def main() -> None:
    """On servers of its own; ends with an error if it is too far, or a department misses a call or has one twice."""
    directory = Path(tempfile.mkdtemp(prefix="whistle-limit-"))
    try:
        with ExitStack() as stack:
            broker = stack.enter_context(PrivateRabbitMQ(directory / "rabbitmq"))
            postgres = stack.enter_context(PrivatePostgres(directory / "postgres"))
            with Limit(broker.url, postgres.url, directory) as limit:
                deliver(limit, calls(WARMING))
                before = _cpu(limit, broker, postgres)
                seconds = deliver(limit, calls(CALLS))
                costs = spent(before, _cpu(limit, broker, postgres), CALLS)
            lowest = floor(broker.url, postgres.url, calls(CALLS), BATCH, broker.pids, postgres.pids)
    finally:
        shutil.rmtree(directory)
    whole = sum(costs.values())
    print(f"{CALLS / seconds:.0f} whistles/s, {whole:.3f} ms CPU each:")
    print("  " + ", ".join(f"{name} {cost:.3f}" for name, cost in costs.items()))
    print(f"floor: {lowest.statements:.3f} statements + {lowest.confirms:.3f} confirms = {lowest.both:.3f}")
    print(f"{whole / lowest.both:.2f} times the floor, at most {MOST}")
    if whole > MOST * lowest.both:
        raise SystemExit(1)


def _cpu(limit: Limit, broker: PrivateRabbitMQ, postgres: PrivatePostgres) -> dict[str, float]:
    processes = {**limit.pids(), "RabbitMQ": broker.pids(), "PostgreSQL": postgres.pids()}
    return {name: used(pids) for name, pids in processes.items()}


if __name__ == "__main__":
    main()
