"""The relay's memory: brings again what a crash, a lost connection or a refusal left unsent, in its order.

It also writes the relay's marks while the engine is idle, and removes what is old: the relay's own rows, and what the
service keeps for a time only.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shared.messaging import outbox
from shared.messaging.relay import Relay
from shared.runtime import faults, log
from shared.store.plumbing import Plumbing
from shared.store.removal import Removal

PAUSE = 0.2  # seconds between two rounds
MARK_EVERY = 0.6  # seconds between two looks at the relay's marks, which a busy engine writes by itself
LOOK_EVERY = 1.0  # seconds between two looks for unsent events, unless the relay is behind
TIDY_EVERY = 60.0
ON_THEIR_WAY = 2.0  # seconds that an event may take from the engine to the relay; by no clock that may jump
PORTION = 500


class Sweep:
    """One service's sweep. `run` is a thread's work; `step` is one round of it."""

    def __init__(
        self,
        engine: Engine,
        plumbing: Plumbing,
        relay: Relay,
        removals: Sequence[Removal] = (),
    ) -> None:
        self._removals = (
            partial(outbox.remove_sent, plumbing=plumbing),
            partial(outbox.remove_answers, plumbing=plumbing),
            *removals,
        )
        self._engine = engine
        self._plumbing = plumbing
        self._relay = relay
        self._stopping = threading.Event()
        self._looked = self._tidied = self._marked = float("-inf")
        self._met: deque[tuple[float, int]] = deque()  # at each look: the newest unsent event's position

    def run(self) -> None:
        """Sweep until `stop`; a database that is away is tried again."""
        while not self._stopping.wait(PAUSE):
            try:
                self.step()
            except DBAPIError as error:
                log.get().warning("sweep failed", reason=str(error.orig).strip())
                self._stopping.wait(1.0)

    def stop(self) -> None:
        """End."""
        self._stopping.set()

    def step(self) -> None:
        """Marks, unsent events and old rows, each when it is time."""
        begun = time.monotonic()
        if begun - self._marked >= MARK_EVERY:
            self._marked = begun
            self.mark()
        if self._relay.room and (self._relay.behind or begun - self._looked >= LOOK_EVERY):
            self._looked = begun
            self.look()
        if begun - self._tidied >= TIDY_EVERY:
            self._tidied = begun
            self.tidy()

    def mark(self) -> None:
        """Write down what the broker confirmed, and what no queue took; the last time after the relay has stopped."""
        if sent := self._relay.sent():
            with self._engine.begin() as connection:
                outbox.mark_sent(connection, self._plumbing, sent)
            faults.reach(faults.AFTER_MARK)
        if unroutable := self._relay.unroutable():
            with self._engine.begin() as connection:
                outbox.mark_unroutable(connection, self._plumbing, unroutable)

    def look(self) -> None:
        """Give the relay the oldest unsent events, as many as it takes."""
        portion = min(PORTION, self._relay.room)
        looking = time.monotonic()
        met = self._met_before(looking - ON_THEIR_WAY)
        upto = None if self._relay.behind else met
        with self._engine.begin() as connection:
            found = outbox.claim(connection, self._plumbing, portion, upto, self._relay.in_flight())
            self._met.append((looking, outbox.newest(connection, self._plumbing)))
        self._relay.resend(found)
        if len(found) < portion:
            self._relay.caught_up()

    def _met_before(self, moment: float) -> int:
        """The newest position that was unsent at a look before this moment; 0 if there was no such look."""
        while len(self._met) > 1 and self._met[1][0] <= moment:
            self._met.popleft()
        return self._met[0][1] if self._met and self._met[0][0] <= moment else 0

    def tidy(self) -> None:
        """Remove what is old, in small portions."""
        for remove in self._removals:
            removed = PORTION
            while removed == PORTION and not self._stopping.is_set():
                with self._engine.begin() as connection:
                    removed = remove(connection, limit=PORTION)
