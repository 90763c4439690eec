"""Waiting for something to become true, instead of sleeping and hoping."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], within: float = 10.0, what: str = "", every: float = 0.05) -> T:
    """What `condition` returns as soon as that is true (not None, not empty); asked again for `within` seconds.

    A failing `assert` in it counts as not yet. When the time is over, the message says `what` was waited for, and what
    was seen last.
    """
    deadline = time.monotonic() + within
    pause = threading.Event()
    while True:
        try:
            seen = condition()
            if seen:
                return seen
            last = f"last seen: {seen!r}"
        except AssertionError as failure:
            last = f"last failure: {failure}"
        if time.monotonic() > deadline:
            name = what or getattr(condition, "__name__", repr(condition))
            raise AssertionError(f"not within {within:g} s: {name}; {last}")
        pause.wait(every)
