"""Keeps a set of programs running on one machine: starts them, waits until they serve, restarts what died, ends all.

honcho was looked at: it ends everything when one program ends, restarts nothing, and forks itself once a program.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Self

import urllib3

from tools.child import Process, ProgramFailed, last_lines

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart; doubled each time
PROVEN_AFTER = 60.0  # seconds of running after which the pauses begin again at the first
KEPT_LOG = 20_000_000  # bytes; a longer log is put aside when its program starts
TELL_EVERY = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `start` it with a file for its output; `ready` is the URL that answers 200 once it serves."""

    name: str
    start: Callable[[Path], Process]
    ready: str


class Supervisor:
    """Runs `programs`; their output goes to `<logs>/<name>.log`, and `say` takes what an operator should know.

    As a context: `start` at its beginning, `stop` at its end. Whatever happens to this process, they end with it.
    """

    def __init__(self, programs: Sequence[Program], logs: Path, say: Callable[[str], None] = print) -> None:
        self._running = {program.name: _Running(program, logs) for program in programs}
        self._say = say
        self._ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self, patience: float = 90.0) -> None:
        """Starts every program and returns when all serve. Raises `ProgramFailed` if one does not within `patience`."""
        began = time.monotonic()
        for one in self._running.values():
            one.start()
        for name, one in self._running.items():
            self._wait_until_ready(name, one, began, patience)
        self._watcher.start()

    def stop(self, patience: float = 20.0) -> None:
        """Asks all to end, the last one first; kills what is left after `patience` seconds."""
        self._ending.set()
        if self._watcher.is_alive():
            self._watcher.join()
        last_first = [one.child for one in reversed(self._running.values()) if one.child is not None]
        for child in last_first:
            child.ask_to_end()
        deadline = time.monotonic() + patience
        for child in last_first:
            child.stop(patience=max(0.1, deadline - time.monotonic()))

    def pid(self, name: str) -> int:
        """The process that runs this program now."""
        child = self._running[name].child
        if child is None:
            raise ProgramFailed(f"{name} was not started")
        return child.pid

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash would; it is then restarted like any program that died."""
        os.kill(self.pid(name), signal.SIGKILL)

    def ready(self, name: str) -> bool:
        """Whether the program serves now."""
        return _answers(self._running[name].program.ready)

    def _wait_until_ready(self, name: str, one: "_Running", began: float, patience: float) -> None:
        tell_at = time.monotonic() + TELL_EVERY
        while not self.ready(name):
            now = time.monotonic()
            if one.died():
                raise ProgramFailed(f"{name} ended while starting. The end of its log:\n{one.last_words()}")
            if now > began + patience:
                raise ProgramFailed(f"{name} does not serve after {patience:g} s. Its log:\n{one.last_words()}")
            if now > tell_at:
                self._say(f"{name}: still starting, {now - began:.0f} s")
                tell_at = now + TELL_EVERY
            time.sleep(0.1)
        self._say(f"{name}: ready after {time.monotonic() - began:.1f} s")

    def _watch(self) -> None:
        while not self._ending.wait(0.2):
            for name, one in self._running.items():
                if one.died() and one.restart_at is None:
                    self._say(f"{name}: ended ({one.how_it_ended()}), again in {one.plan_restart():g} s")
                elif one.restart_at is not None and time.monotonic() >= one.restart_at:
                    self._start_again(name, one)

    def _start_again(self, name: str, one: "_Running") -> None:
        try:
            one.start()
        except ProgramFailed as failure:
            self._say(f"{name}: {failure}\nagain in {one.plan_restart():g} s")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Running:
    """One program and its present child."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.child: Process | None = None
        self.restart_at: float | None = None
        self._log = logs / f"{program.name}.log"
        self._started = 0.0
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        if self._log.exists() and self._log.stat().st_size > KEPT_LOG:
            self._log.replace(self._log.with_suffix(".log.1"))
        self.child = self.program.start(self._log)
        self._started = time.monotonic()
        self.restart_at = None

    def died(self) -> bool:
        return self.child is not None and self.child.returncode is not None

    def plan_restart(self) -> float:
        """Seconds until the next start: twice as long each time, unless it had proven itself."""
        now = time.monotonic()
        if now - self._started > PROVEN_AFTER:
            self._pause = FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self.restart_at = now + pause
        return pause

    def how_it_ended(self) -> str:
        code = self.child.returncode if self.child is not None else None
        return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"

    def last_words(self) -> str:
        return last_lines(self._log)


_http = urllib3.PoolManager(retries=False, timeout=3.0)


def _answers(url: str) -> bool:
    try:
        return _http.request("GET", url).status == 200
    except urllib3.exceptions.HTTPError:
        return False


@contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """Within it SIGTERM raises KeyboardInterrupt, as Ctrl-C does, so that contexts end what they started."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
