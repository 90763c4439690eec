"""Services forked from one process are processes of their own, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from shared.access.token import ensure_keys
from tests.support.eventually import eventually
from tests.support.processes import running
from tools.nursery import Nursery, Nursling
from tools.servers.private import free_ports

OWNER = """
import sys, threading
from pathlib import Path
from tools.nursery import Nursery

place = Path(sys.argv[1])
with Nursery(place / "nursery.log") as nursery:
    start = nursery.service("gateway", {"WHISTLE_PORT": sys.argv[2], "WHISTLE_KEYS": str(place)})
    serving = start(place / "gateway.log")
    print(nursery.pid, serving.pid, flush=True)
    threading.Event().wait()
"""


OTHER = 1  # a process that is not the parent


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    ensure_keys(tmp_path)
    with Nursery(tmp_path / "nursery.log") as nursery:
        yield nursery


def gateway(nursery: Nursery, place: Path, name: str = "gateway") -> tuple[Nursling, str]:
    """A service that answers by now, and where."""
    port = free_ports(1)
    start = nursery.service("gateway", {"WHISTLE_PORT": str(port), "WHISTLE_KEYS": str(place)})
    serving, url = start(place / f"{name}.log"), f"http://127.0.0.1:{port}/livez"
    eventually(lambda: answers(url), what="it answers")
    return serving, url


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_a_service_that_is_killed_leaves_the_others_alone(nursery: Nursery, tmp_path: Path) -> None:
    """Its end is told with its reason; what the others wrote lies in files of their own."""
    first, _ = gateway(nursery, tmp_path, "first")
    second, url = gateway(nursery, tmp_path, "second")

    os.kill(first.pid, signal.SIGKILL)

    eventually(lambda: first.returncode is not None, what="its end is told")
    assert first.returncode == -signal.SIGKILL
    assert second.returncode is None
    assert answers(url)
    logs = [(tmp_path / f"{name}.log").read_text() for name in ("first", "second")]
    assert [one.count('"event":"serving"') for one in logs] == [1, 1]


def test_a_service_that_is_asked_ends_in_good_order(nursery: Nursery, tmp_path: Path) -> None:
    serving, url = gateway(nursery, tmp_path)

    serving.stop()

    assert serving.returncode == 0
    assert not answers(url)
    assert '"event":"stopped"' in (tmp_path / "gateway.log").read_text()


def test_a_service_that_cannot_start_says_why(nursery: Nursery, tmp_path: Path) -> None:
    """In its own log, and with its own exit code."""
    serving = nursery.service("dispatch", {"WHISTLE_PORT": "1", "DATABASE_URL": ""})(tmp_path / "dispatch.log")

    eventually(lambda: serving.returncode is not None, what="its end is told")
    assert serving.returncode == 2
    assert "DATABASE_URL" in (tmp_path / "dispatch.log").read_text()


def test_a_nursery_that_is_killed_begins_anew(nursery: Nursery, tmp_path: Path) -> None:
    """What it had started ends with it, which is told; what is started then runs."""
    before, _ = gateway(nursery, tmp_path, "before")

    os.kill(nursery.pid, signal.SIGKILL)

    eventually(lambda: before.returncode == -signal.SIGKILL and not running(before.pid), what="all have ended")
    after, url = gateway(nursery, tmp_path, "after")
    assert after.returncode is None
    assert answers(url)


def test_a_service_whose_nursery_died_before_it_could_be_tied_to_it_ends_as_well(tmp_path: Path) -> None:
    """The kernel tells only of deaths to come."""
    order = f"cradle.Order('gateway', {{}}, '{tmp_path}/gateway.log')"
    begin = f"from tools import cradle; cradle.become({order}, parent={OTHER})"
    begun = subprocess.run([sys.executable, "-W", "ignore", "-c", begin], check=False, timeout=20)
    assert begun.returncode == -signal.SIGKILL


def test_everything_ends_with_the_owner(tmp_path: Path) -> None:
    """Also when it had no time to say so."""
    ensure_keys(tmp_path)
    owning = [sys.executable, "-c", OWNER, str(tmp_path), str(free_ports(1))]
    with subprocess.Popen(owning, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert len(pids) == 2

        owner.kill()

    eventually(lambda: not any(map(running, pids)), what="the nursery and its service are gone")
