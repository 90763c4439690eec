"""`python -m tests.bench.peers [name …]`: each peer once, alone, on private servers."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.contest import Contestant, calls, deliver
from tests.bench.costs import spent, used
from tests.bench.peers import PEERS
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

FIRST, CALLS = 30, 300  # the first ones fill pools and caches, and do not count

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
    deliver(contestant, calls(FIRST))
    before = _cpu_seconds(contestant, servers)
    took = deliver(contestant, calls(CALLS))
    costs = spent(before, _cpu_seconds(contestant, servers), CALLS)
    parts = ", ".join(f"{name} {cost:.1f}" for name, cost in costs.items())
    print(f"{contestant.name}: {CALLS / took:.0f} whistles/s, {sum(costs.values()):.1f} ms CPU each ({parts})")


def _cpu_seconds(contestant: Contestant, servers: Servers) -> Mapping[str, float]:
    processes = {**contestant.pids(), **{server.name: server.pids() for server in servers}}
    return {name: used(pids) for name, pids in processes.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
