"""What happens too often to be told each time."""

import time
from collections.abc import Callable


class Seldom:
    """Counts, and is due at most once in `pause` seconds, with what has come together since the last time."""

    def __init__(self, pause: float, timer: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._timer = timer
        self._counted = 0
        self._next = float("-inf")

    def count(self, times: int = 1) -> None:
        """It happened so often."""
        self._counted += times

    def due(self) -> int:
        """How often it has happened since it was last told; 0 while there is nothing to tell, or it is too early."""
        if not self._counted or self._timer() < self._next:
            return 0
        told, self._counted = self._counted, 0
        self._next = self._timer() + self._pause
        return told
