"""The supervisor keeps programs running, tells the operator, and leaves nothing behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from tests.support.processes import running
from tools.child import ProgramFailed, command
from tools.servers.private import free_ports
from tools.supervisor import Program, Supervisor

SERVE = """
import http.server, signal, sys
port, stubborn = int(sys.argv[1]), sys.argv[2:] == ["stubborn"]
signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else lambda *_: sys.exit(print("ending in good order")))

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""

OWNER = """
import signal, sys, threading
from pathlib import Path
from tools.child import command
from tools.supervisor import Program, Supervisor, ending_on_sigterm

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have had it ignored
url, *argv = sys.argv[2:]
supervisor = Supervisor([Program("web", command(argv), url)], Path(sys.argv[1]), say=lambda line: None)
with ending_on_sigterm(), supervisor:
    print(supervisor.pid("web"), flush=True)
    threading.Event().wait()
"""


def program(name: str, *options: str) -> Program:
    argv, ready = served(*options)
    return Program(name, command(argv), ready)


def served(*options: str) -> tuple[list[str], str]:
    """How to start it, and where it answers."""
    port = free_ports(1)
    return [sys.executable, "-c", SERVE, str(port), *options], f"http://127.0.0.1:{port}/readyz"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor([program("first"), program("second")], tmp_path, said.append) as supervisor:
        yield supervisor


def test_a_killed_program_is_started_again(supervisor: Supervisor, said: list[str]) -> None:
    """It serves again as another process, the other goes on, and the operator reads what happened."""
    first, second = supervisor.pid("first"), supervisor.pid("second")

    supervisor.kill("first")

    eventually(lambda: supervisor.pid("first") != first and supervisor.ready("first"))
    assert supervisor.pid("second") == second
    assert "first: ended (killed by SIGKILL), again in 0.5 s" in said


def test_programs_are_asked_before_they_are_killed(tmp_path: Path) -> None:
    """One ends in good order on SIGTERM; one that does not listen is killed when patience is over."""
    supervisor = Supervisor([program("polite"), program("deaf", "stubborn")], tmp_path)
    supervisor.start()
    pids = [supervisor.pid("polite"), supervisor.pid("deaf")]

    supervisor.stop(patience=1)

    assert not any(map(running, pids))
    assert "ending in good order" in (tmp_path / "polite.log").read_text()


def test_a_program_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The failure shows the end of the program's own log, and what was started with it has ended."""
    good = program("good")
    bad = Program(
        "bad", command([sys.executable, "-c", "raise SystemExit('no such database')"]), "http://127.0.0.1:9/readyz"
    )
    supervisor = Supervisor([good, bad], tmp_path)

    with pytest.raises(ProgramFailed, match=r"bad ended while starting(.|\n)*no such database"), supervisor:
        pass

    assert not running(supervisor.pid("good"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_programs_end_with_their_owner(tmp_path: Path, how: signal.Signals) -> None:
    """However the supervising process ends, its programs end too: in good order if it had the time."""
    argv, ready = served()
    owning = [sys.executable, "-c", OWNER, str(tmp_path), ready, *argv]
    with subprocess.Popen(owning, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())

        owner.send_signal(how)
        owner.wait(timeout=20)

    eventually(lambda: not running(pid), what="the program is gone")
    assert ("ending in good order" in (tmp_path / "web.log").read_text()) == (how != signal.SIGKILL)
