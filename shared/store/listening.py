"""One connection that hears what the database tells on a channel (LISTEN), while somebody wants to know.

What a transaction tells (NOTIFY) comes when it is committed, in the order of commits, whichever process wrote it.
"""

import threading
from contextlib import closing
from datetime import datetime

import psycopg

from shared.runtime import log
from shared.runtime.clock import now
from shared.runtime.outlet import Outlet
from shared.store.database import Database

BEAT = 4.0  # seconds after which a reader hears that there is nothing to hear
LINGER = 0.1  # seconds for which what is committed waits for company
LOOK = 0.5  # seconds until it is seen that nobody listens any more
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0

NOTHING = b"{}\n"
MISSED = b'{"resync": true}\n'  # what happened before this line may not have been told


class Listening:
    """Tells each of its outlets what comes on the channel, a line each; `MISSED` first, and after every loss.

    `away_since` is when the connection was lost or first missed, None while it stands or nobody wants it; `reason` says
    why. Without outlets there is no connection.
    """

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._outlets: set[Outlet] = set()
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._hears = False
        self.away_since: datetime | None = None
        self.reason = ""

    def open(self) -> Outlet:
        """What is committed from now on."""
        outlet = Outlet(lambda: NOTHING, BEAT, lambda: MISSED, linger=LINGER, left=self._outlets.discard)
        outlet.put(MISSED if self._hears else NOTHING)
        self._outlets.add(outlet)
        self._wanted.set()
        return outlet

    def run(self) -> None:
        """Listen whenever somebody wants to know, until `stop`."""
        pause = FIRST_PAUSE
        while self._wanted.wait() and not self._stopping.is_set():
            try:
                self._hear()
                pause = FIRST_PAUSE
            except psycopg.Error as error:
                self._lost(str(error).partition("\n")[0])
                self._stopping.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._wanted.set()

    def _hear(self) -> None:
        """As long as there is an outlet."""
        with closing(self._database.listener()) as connection:
            connection.execute(f'LISTEN "{self._channel}"'.encode())
            self._hears, self.away_since, self.reason = True, None, ""
            log.get().info("listening to the database", channel=self._channel)
            self._tell(MISSED)
            try:
                while self._outlets and not self._stopping.is_set():
                    for told in connection.notifies(timeout=LOOK):
                        self._tell(told.payload.encode() + b"\n")
            finally:
                self._hears = False
        if not self._outlets and not self._stopping.is_set():
            self._wanted.clear()

    def _tell(self, line: bytes) -> None:
        for outlet in [*self._outlets]:
            outlet.put(line)

    def _lost(self, reason: str) -> None:
        if not self._outlets:
            self._wanted.clear()
            self.away_since, self.reason = None, ""
            return
        if self.away_since is None:
            log.get().warning("the database tells nothing", channel=self._channel, reason=reason)
        self.away_since, self.reason = self.away_since or now(), reason
