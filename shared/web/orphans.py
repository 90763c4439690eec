"""Removes files that no row names: what was uploaded and never used, and what an upload left that never ended."""

import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.runtime import clock, log
from shared.store.files import Files
from shared.web.upload import off_hub

LOOK_EVERY = 3600.0  # seconds
KEPT = timedelta(days=2)  # longer than an upload may wait to be used
AT_ONCE = 1000  # digests in one question

Named = Callable[[Connection, Collection[str]], Collection[str]]


class Orphans:
    """One service's sweep of its files. `named` is the service's own query: which of these digests its rows name."""

    def __init__(self, files: Files, engine: Engine, named: Named, now: Callable[[], datetime] = clock.now) -> None:
        self._files = files
        self._engine = engine
        self._named = named
        self._now = now
        self._stopping = threading.Event()

    def run(self) -> None:
        """Look every hour until `stop`; what is away is tried again an hour later."""
        while not self._stopping.wait(LOOK_EVERY):
            try:
                if gone := self.step():
                    log.get().info("files removed that nothing names", files=gone)
            except (DBAPIError, OSError) as error:
                log.get().warning("files not swept", reason=str(error).splitlines()[0])

    def step(self) -> int:
        """Remove what is older than two days and named by no row; how many files."""
        before = self._now() - KEPT
        gone = off_hub(self._files.remove_interrupted, before)
        old = sorted(off_hub(self._files.written, before))
        for start in range(0, len(old), AT_ONCE):
            digests = old[start : start + AT_ONCE]
            with self._engine.connect() as connection:
                orphans = set(digests) - set(self._named(connection, digests))
            gone += off_hub(self._files.remove, orphans, before)
        return gone

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
