"""A connection to the broker that is made again whenever it breaks, for as long as the service lives."""

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from shared.messaging.declare import Mismatch
from shared.messaging.wire import LOST, Bell, Wire, addresses
from shared.runtime import log
from shared.runtime.clock import now

FIRST_PAUSE = 0.1  # seconds
LONGEST_PAUSE = 3.0
CALM = 10.0  # seconds that a connection must have held for the next pause to be short again


class Line:
    """Calls `session` with each new wire; it returns when the line is stopping, and raises when the wire breaks.

    Of a cluster's nodes it takes the next one after each loss. `away_since` is when the broker was lost, or None while
    the line stands; `reason` says why.
    """

    def __init__(self, url: str, name: str, session: Callable[[Wire], None]) -> None:
        self.name = name
        self.bell = Bell()
        self.away_since: datetime | None = now()
        self.reason = "not connected yet"
        self._nodes = deque(addresses(url))
        self._session = session
        self._stopping = threading.Event()
        self._ended = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether the session must come to its end."""
        return self._stopping.is_set()

    def run(self) -> None:
        """Hold the line until `stop`."""
        try:
            with self.bell:
                self._hold()
        finally:
            self._ended.set()

    def stop(self, patience: float) -> None:
        """Let the session come to its end, at most for `patience` seconds."""
        self._stopping.set()
        self.bell.ring()
        self._ended.wait(patience)

    def stands(self) -> None:
        """Say that everything is declared and the session works."""
        log.get().info("broker connected", line=self.name)
        self.away_since, self.reason = None, ""

    def _hold(self) -> None:
        pause = FIRST_PAUSE
        while not self.stopping:
            begun = time.monotonic()
            try:
                self._once()
            except (*LOST, Mismatch) as error:
                self._lost(error)
                self._nodes.rotate(-1)
                pause = FIRST_PAUSE if time.monotonic() - begun > CALM else min(LONGEST_PAUSE, pause * 2)
                self._stopping.wait(pause)

    def _once(self) -> None:
        wire = Wire(self._nodes[0], self.name)
        try:
            self._session(wire)
        finally:
            wire.close()

    def _lost(self, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        if self.away_since is None or reason != self.reason:
            tell = log.get().error if isinstance(error, Mismatch) else log.get().warning
            tell("broker away", line=self.name, reason=reason)
        self.away_since = self.away_since or now()
        self.reason = reason
