"""Whoever starts servers may be killed at any moment; nothing of them goes on running."""

import subprocess
import sys
from pathlib import Path

from tests.support.eventually import eventually
from tests.support.processes import running

START_BOTH = """
import sys, threading
from pathlib import Path
from tools.servers.postgres import PrivatePostgres
from tools.servers.rabbitmq import PrivateRabbitMQ

kinds = (PrivatePostgres, PrivateRabbitMQ)
servers = [kind(Path(sys.argv[1]) / kind.__name__, say=lambda line: None) for kind in kinds]
starters = [threading.Thread(target=server.start) for server in servers]
for starter in starters: starter.start()
for starter in starters: starter.join()
print(*(pid for server in servers for pid in server.pids()), flush=True)
threading.Event().wait()
"""


def test_servers_end_with_a_killed_owner(tmp_path: Path) -> None:
    """Their owner gets SIGKILL, which it cannot handle: postmaster, beam, port mapper and their children are gone."""
    owner = subprocess.Popen([sys.executable, "-c", START_BOTH, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout as printed:
        pids = [int(pid) for pid in printed.readline().split()]
        assert len(pids) > 5
        assert all(map(running, pids))

        owner.kill()
        owner.wait()

    eventually(lambda: not any(map(running, pids)), what="no server process is left")
