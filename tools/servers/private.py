"""What a private server of ours has, whichever it is: a directory, remembered ports, one owner, a start that tells."""

import fcntl
import random
import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Self, TextIO

import psutil

from tools.child import Child

PORTS = range(20000, 32000)  # below the range the kernel takes for outgoing connections
TELL_EVERY = 5.0  # seconds


class ServerFailed(RuntimeError):
    """The server did not start; the message ends with the last lines of its log."""


class PrivateServer(ABC):
    """A server in `directory` that listens on loopback alone and dies with this process.

    A later start in the same directory finds the same data, the same password and, if they are still free, the same
    ports. `say` takes the lines about progress.
    """

    name: str
    ports_needed = 1
    patience = 90.0  # seconds until a start counts as failed

    def __init__(self, directory: Path, say: Callable[[str], None] = print) -> None:
        self.directory = directory.resolve()
        self.say = say
        self.child: Child | None = None
        self._owner: TextIO | None = None
        self._began = 0.0
        self._ready = False

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect, password included."""

    def begin(self) -> None:
        """Starts it unless it runs, without waiting; `start` then waits for what is left."""
        if self.child is not None and self.child.running:
            return
        self._own_directory()
        self.say(f"{self.name}: starting")
        self._began = time.monotonic()
        self.child = self._launch()
        self._ready = False

    def start(self) -> None:
        """Starts it unless it runs, and returns when it serves. Raises `ServerFailed`."""
        self.begin()
        if self.child is not None and not self._ready:
            self._wait(self.child)
            self._ready = True
            self.say(f"{self.name}: ready on 127.0.0.1:{self.port} after {time.monotonic() - self._began:.1f} s")

    @abstractmethod
    def stop(self) -> None:
        """Ends it in good order; data stays."""

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when all its processes are gone. `start` brings it back."""
        if self.child is None:
            return
        family = _family(self.child)
        self.child.kill()
        _, stubborn = psutil.wait_procs(family, timeout=5)
        for process in stubborn:
            process.kill()

    def pids(self) -> list[int]:
        """Every process of the server, the main one first; empty if it does not run."""
        return [process.pid for process in _family(self.child)] if self.child is not None else []

    @property
    def port(self) -> int:
        """The first of its ports."""
        return self.ports[0]

    @property
    def ports(self) -> range:
        """Its ports on 127.0.0.1, remembered in the directory."""
        remembered = self.directory / "port"
        if not remembered.exists():
            remembered.write_text(str(free_ports(self.ports_needed)))
        first = int(remembered.read_text())
        return range(first, first + self.ports_needed)

    @property
    def password(self) -> str:
        """Its administrator's password, remembered in the directory."""
        remembered = self.directory / "password"
        if not remembered.exists():
            remembered.touch(mode=0o600)
            remembered.write_text(secrets.token_urlsafe(18))
        return remembered.read_text()

    @abstractmethod
    def _launch(self) -> Child:
        """Starts the main process."""

    @abstractmethod
    def _serves(self) -> bool:
        """Whether a client could work with it now."""

    def _own_directory(self) -> None:
        if self._owner is not None:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        owner = (self.directory / "owner").open("w")
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner.close()
            raise ServerFailed(f"{self.name}: another process uses {self.directory}") from None
        self._owner = owner
        if not all(_is_free(port) for port in self.ports):
            (self.directory / "port").unlink()

    def _disown_directory(self) -> None:
        if self._owner is not None:
            self._owner.close()
            self._owner = None

    def _wait(self, child: Child) -> None:
        began = self._began
        tell_at = began + TELL_EVERY
        while not self._serves():
            now = time.monotonic()
            if not child.running or now > began + self.patience:
                child.kill()
                raise ServerFailed(f"{self.name} did not start. The end of {child.log}:\n{child.last_words()}")
            if now > tell_at:
                self.say(f"{self.name}: still starting, {now - began:.0f} s")
                tell_at = now + TELL_EVERY
            time.sleep(0.1)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _family(child: Child) -> list[psutil.Process]:
    try:
        main = psutil.Process(child.pid)
        return [main, *main.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def free_ports(count: int) -> int:
    """The first of `count` neighbouring ports that nobody listens on."""
    while True:
        first = random.choice(PORTS)
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
