"""What `whistle run` says is heard at once, also where it is not read from a terminal."""

import os
import sys
from pathlib import Path

from tests.support.eventually import eventually
from tools.child import Child

RUN = """
import threading
from contextlib import contextmanager
from tools import run

@contextmanager
def system(_directory):
    print("ready")
    yield None

run.from_environment = system
run._with_system(lambda _system: threading.Event().wait())
"""


def test_what_it_says_stands_in_a_file_while_it_runs(tmp_path: Path) -> None:
    said = tmp_path / "said"
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    running = Child([sys.executable, "-c", RUN], env=usual, log=said)
    try:
        eventually(lambda: said.read_text() == "ready\n", what="it has said that it is ready")
    finally:
        running.kill()
