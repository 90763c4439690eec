"""What waits to be sent to the reader of an endless answer: never more than its bound, however slowly they read."""

import threading
import time
from collections.abc import Callable, Iterator
from math import inf

MOST = 64 * 1024  # bytes that may wait for one reader

Piece = Callable[[], bytes]


def nothing(_outlet: "Outlet") -> None:
    """For an outlet that nobody keeps a list of."""


class Outlet:
    """An answer without an end: iterating gives what was put, all that waits as one piece.

    While nothing comes it gives `beat()` every `every` seconds. What would go over the bound is dropped with all that
    waits, and `lost()` is put instead, so that the reader knows. It ends when it is closed, and after `lifetime`
    seconds. `linger` is how many seconds it waits for more once something has come. `left` hears that it was closed;
    `size` is how many bytes wait.
    """

    def __init__(
        self,
        beat: Piece,
        every: float,
        lost: Piece,
        *,
        lifetime: float = inf,
        linger: float = 0.0,
        left: Callable[["Outlet"], None] = nothing,
    ) -> None:
        self._beat, self._every, self._lost = beat, every, lost
        self._until = time.monotonic() + lifetime
        self._linger = linger
        self._left = left
        self._waiting: list[bytes] = []
        self.size = 0
        self._bell = threading.Event()
        self.closed = False

    def put(self, piece: bytes) -> None:
        """Send this as soon as the reader takes it."""
        if self.size + len(piece) > MOST:
            piece = self._lost()
            self._waiting, self.size = [], 0
        self._waiting.append(piece)
        self.size += len(piece)
        self._bell.set()

    def close(self) -> None:
        """End; what still waits is dropped."""
        if not self.closed:
            self.closed = True
            self._waiting, self.size = [], 0
            self._bell.set()
            self._left(self)

    def __iter__(self) -> Iterator[bytes]:
        while not self.closed and (left := self._until - time.monotonic()) > 0:
            rang = self._bell.wait(min(self._every, left))
            if rang and self._linger:
                time.sleep(self._linger)
            self._bell.clear()
            waiting, self._waiting, self.size = self._waiting, [], 0
            if waiting:
                yield b"".join(waiting)
            elif not rang:
                yield self._beat()
        self.close()
