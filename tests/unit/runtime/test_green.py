"""A green process: patched before anything else, and told to stop even while it is idle."""

import subprocess
import sys

import eventlet
import pytest

from shared.runtime.green import make_green, stacks
from tests.support.eventually import eventually

IDLE = """
from shared.runtime.green import make_green, when_told_to_stop
make_green()
import eventlet
done = eventlet.event.Event()
when_told_to_stop(lambda: done.send("stopped"))
print("idle", flush=True)
print(done.wait(), flush=True)
"""


def test_what_was_imported_before_the_patching_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", sys)
    with pytest.raises(RuntimeError, match="psycopg"):
        make_green()


def test_an_idle_process_stops_as_soon_as_it_is_told_to() -> None:
    with subprocess.Popen([sys.executable, "-c", IDLE], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "idle\n"
        process.terminate()
        assert eventually(lambda: process.poll() is not None, 5.0, "the process ends")
        assert process.stdout.read() == "stopped\n"
        assert process.returncode == 0


def test_psycopg_is_told_to_wait_the_green_way() -> None:
    program = (
        "from shared.runtime.green import make_green; make_green(); import psycopg.waiting as w; print(w.wait.__name__)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "wait_select\n"


def test_where_every_greenthread_waits_can_be_told() -> None:
    def waits_for_ever() -> None:
        eventlet.sleep(1000)

    waiting = eventlet.spawn(waits_for_ever)
    eventlet.sleep(0)
    try:
        assert any("waits_for_ever" in stack for stack in stacks())
    finally:
        waiting.kill()
