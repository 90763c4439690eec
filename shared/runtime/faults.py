"""Faults that only tests switch on: places at which a process kills itself, and a clock that jumps while it runs.

WHISTLE_FAULTS names a directory. A file `<service>.<place>` in it is taken by the first process of that service that
comes to the place, which dies there as by `kill -9`. `<service>.clock` holds by how many seconds its clock is ahead.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from shared.runtime import clock

BEFORE_COMMIT, BEFORE_PUBLISH, BEFORE_CONFIRM, BEFORE_MARK, AFTER_MARK = PLACES = (
    "before-commit", "before-publish", "before-confirm", "before-mark", "after-mark",
)  # fmt: skip
LOOK_EVERY = 0.2  # seconds

_armed: Path | None = None
_service = ""


def arm(service: str, directory: Path) -> None:
    """From now on this process of this service does what the files say."""
    global _armed, _service
    _armed, _service = directory, service
    threading.Thread(target=_follow_clock, name="faults", daemon=True).start()


def disarm() -> None:
    """Nothing is looked for any more."""
    global _armed
    _armed = None


def reach(place: str) -> None:
    """Somewhere where a process may die; it does if a test wants it to."""
    if _armed is not None:
        _die_if_wanted(_armed / f"{_service}.{place}")


def _die_if_wanted(wanted: Path) -> None:
    with suppress(FileNotFoundError):
        wanted.unlink()  # whoever takes the file away is meant
        os.kill(os.getpid(), signal.SIGKILL)


def _follow_clock() -> None:
    usual = clock.offset()
    while _armed is not None:
        with suppress(FileNotFoundError, ValueError):
            ahead = float((_armed / f"{_service}.clock").read_text())
            clock.shift(usual + timedelta(seconds=ahead))
        time.sleep(LOOK_EVERY)
