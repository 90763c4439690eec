"""Services on one machine, forked from one process that has imported what they all need (decision 15).

They start in a fraction of the time and share most of their memory, and are processes of their own nevertheless.
"""

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from tools.child import Child, ProgramFailed, environment, last_lines
from tools.cradle import Order

PATIENCE = 60.0  # seconds: the first service waits until everything is imported
TRIES = 2  # the process may have been killed, and is started again


class Nursery:
    """The process from which services are forked. As a context it begins at once, and what it started ends with it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._cradle: _Cradle | None = None
        self._turn = threading.Lock()

    def service(self, name: str, env: Mapping[str, str]) -> Callable[[Path], "Nursling"]:
        """How to start this service, its output in the file that is given then."""
        return lambda log: self._start(Order(name, dict(env), str(log.resolve())))

    @property
    def pid(self) -> int:
        """The process that has imported everything."""
        return self._living().child.pid

    def __enter__(self) -> Self:
        self._living()
        return self

    def __exit__(self, *_: object) -> None:
        if self._cradle is not None:
            self._cradle.end()

    def _start(self, order: Order) -> "Nursling":
        with self._turn:
            for _ in range(TRIES):
                if nursling := self._living().start(order):
                    return nursling
        raise ProgramFailed(f"{order.service} cannot be started. The end of the log:\n{last_lines(self._log)}")

    def _living(self) -> "_Cradle":
        if self._cradle is None or not self._cradle.child.running:
            self._cradle = _Cradle(self._log)
        return self._cradle


class _Cradle:
    """One `tools.cradle` process, and what it says of those that it started."""

    def __init__(self, log: Path) -> None:
        self.child = Child([sys.executable, "-m", "tools.cradle"], env=environment(), log=log, talk=True)
        self._answers: queue.Queue[Nursling | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._listener.start()

    def start(self, order: Order) -> "Nursling | None":
        """The process that serves; None if this one is gone."""
        orders, _ = self.child.pipes
        try:
            orders.write(msgspec.json.encode(order) + b"\n")
            orders.flush()
            return self._answers.get(timeout=PATIENCE)
        except (OSError, ValueError, queue.Empty):
            return None

    def end(self) -> None:
        """Kill it, and with it what it started and is still there."""
        self.child.kill()
        self._listener.join()

    def _listen(self) -> None:
        """Until it is gone; then nothing that it started runs any more."""
        living: dict[int, Nursling] = {}
        orders, answers = self.child.pipes
        for line in answers:
            match line.split():
                case [b"started", pid]:
                    living[int(pid)] = Nursling(int(pid))
                    self._answers.put(living[int(pid)])
                case [b"ended", pid, code]:
                    living.pop(int(pid)).ended(int(code))
        self.child.kill()
        for one in living.values():
            one.ended(-signal.SIGKILL)
        self._answers.put(None)
        answers.close()
        with suppress(BrokenPipeError):
            orders.close()


class Nursling:
    """A service's process, forked from the nursery's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._gone = threading.Event()
        self._asked = False

    def ended(self, code: int) -> None:
        """It has."""
        self.returncode = code
        self._gone.set()

    def ask_to_end(self) -> None:
        """Sends SIGTERM once, and does not wait."""
        if not self._asked:
            self._asked = True
            self._send(signal.SIGTERM)

    def stop(self, *, patience: float = 10.0) -> None:
        """Asks it to end, and kills it if it has not ended within `patience` seconds."""
        self.ask_to_end()
        if not self._gone.wait(patience):
            self._send(signal.SIGKILL)
            self._gone.wait()

    def _send(self, what: signal.Signals) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended, and we are about to hear of it
                os.kill(self.pid, what)
