"""A process of ours that cannot outlive us, however we end."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Protocol

# The kernel's "parent died" signal follows the thread that started the child, so one lasting thread starts them all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="child-starter")


class ProgramFailed(RuntimeError):
    """A program ended, or did not serve in time, while everything was being started."""


class Process(Protocol):
    """A started process."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        ...

    def ask_to_end(self) -> None:
        """Sends SIGTERM once, and does not wait."""
        ...

    def stop(self, *, patience: float = 10.0) -> None:
        """Asks it to end, and kills it if it has not ended within `patience` seconds."""
        ...


class Child:
    """A started process. Killed by the kernel when this process ends, also by SIGKILL.

    `argv` is found on PATH; `env` is its whole environment; what it prints is added to the file `log`; `setpriv` are
    further options of that program, for example another user. With `talk` its standard input and output are pipes.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        log: Path,
        setpriv: Sequence[str] = (),
        talk: bool = False,
    ) -> None:
        command = ["setpriv", *setpriv, "--pdeathsig", "KILL", "--", *map(str, argv)]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = _starter.submit(
                subprocess.Popen,
                command,
                env=dict(env),
                stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talk else output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop our children in order
            ).result()
        self.log = log
        self._asked = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    @property
    def running(self) -> bool:
        return self.returncode is None

    @property
    def pipes(self) -> tuple[IO[Any], IO[Any]]:
        """What to write to and what to read from, of a child that talks."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("this child does not talk")
        return self._process.stdin, self._process.stdout

    def ask_to_end(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Sends the signal once, and does not wait."""
        if self.running and not self._asked:
            self._asked = True
            self._process.send_signal(with_signal)

    def stop(self, *, with_signal: signal.Signals = signal.SIGTERM, patience: float = 10.0) -> None:
        """Asks it to end, and kills it if it has not ended within `patience` seconds."""
        self.ask_to_end(with_signal)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        if self.running:
            self._process.kill()
        self._process.wait()

    def last_words(self) -> str:
        """The end of its log, for a message that says why it did not start."""
        return last_lines(self.log)


def command(argv: Sequence[str | Path], **changes: str) -> Callable[[Path], Child]:
    """How to start this, its output in the file that is given then, in our environment with `changes`."""
    return lambda log: Child(argv, env=environment(**changes), log=log)


def last_lines(log: Path, lines: int = 15) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def environment(**changes: str) -> dict[str, str]:
    """This process's environment with `changes`."""
    return {**os.environ, **changes}
