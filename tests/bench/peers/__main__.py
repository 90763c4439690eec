"""`python -m tests.bench.peers [name …]`: each peer once, alone, on private servers."""

import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from shared.runtime.clock import uuid7
from tests.bench.contest import DEPARTMENTS, Call, Contestant
from tests.bench.peers import PEERS
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

FIRST, CALLS = 30, 300  # the first ones fill pools and caches, and do not count
PATIENCE = 120.0  # seconds

Servers = tuple[PrivateRabbitMQ, PrivatePostgres]


def main(names: Sequence[str]) -> None:
    """Let the named peers (or all) do the job, and print what it cost."""
    with tempfile.TemporaryDirectory(prefix="whistle-peers-") as place:
        directory = Path(place)
        with PrivateRabbitMQ(directory / "rabbitmq") as broker, PrivatePostgres(directory / "postgres") as postgres:
            for peer in PEERS:
                if not names or peer.name in names:
                    with peer(broker.url, postgres.url, directory) as contestant:
                        _measure(contestant, (broker, postgres))


def _measure(contestant: Contestant, servers: Servers) -> None:
    _do(contestant, servers, FIRST)
    before = _cpu_seconds(contestant, servers)
    took = _do(contestant, servers, CALLS)
    after = _cpu_seconds(contestant, servers)
    costs = {name: (after[name] - before[name]) * 1000 / CALLS for name in after}
    parts = ", ".join(f"{name} {cost:.1f}" for name, cost in costs.items())
    print(f"{contestant.name}: {CALLS / took:.0f} whistles/s, {sum(costs.values()):.1f} ms CPU each ({parts})")


def _do(contestant: Contestant, servers: Servers, count: int) -> float:
    """Submit so many calls and wait until every department has each exactly once; seconds."""
    calls = [_call(number) for number in range(count)]
    url = servers[1].url.replace("postgresql+psycopg:", "postgresql:")
    sql = (
        f"SELECT count(*), count(DISTINCT department) FROM {contestant.inbox} WHERE case_id = ANY(%s) GROUP BY case_id"
    )
    everywhere = [(len(DEPARTMENTS), len(DEPARTMENTS))] * count
    begun = time.perf_counter()
    contestant.submit(calls)
    with psycopg.connect(url, autocommit=True) as connection:
        while (inboxes := connection.execute(sql, [[call.id for call in calls]]).fetchall()) != everywhere:
            if time.perf_counter() > begun + PATIENCE:
                raise TimeoutError(f"{contestant.name}: {len(inboxes)} of {count} cases are in an inbox")
            time.sleep(0.1)
    return time.perf_counter() - begun


def _call(number: int) -> Call:
    return Call(
        uuid7(),
        f"12345-{number}",
        "building.leak",
        "cj.sanhe.honghu.g03.c12",
        "西湖春天商铺楼",
        "饭店卫生间漏水到入户大厅",
    )


def _cpu_seconds(contestant: Contestant, servers: Servers) -> Mapping[str, float]:
    processes = {**contestant.pids(), **{server.name: server.pids() for server in servers}}
    return {name: _used(pids) for name, pids in processes.items()}


def _used(pids: Iterable[int]) -> float:
    total = 0.0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):  # ended just now: its parent has its times
            times = psutil.Process(pid).cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


if __name__ == "__main__":
    main(sys.argv[1:])
