"""The engine: carries out a batch of works in one transaction, and finds the one that spoils it.

What can go wrong has its place here. A refusal is that command's result. An exception in a command is known by its
command: a message is parked, a request fails. An error of the database splits the batch until the culprit stands
alone. A collision with another replica is tried again. What hits everything is raised as `Away`: nothing was written,
nothing is parked, and the caller keeps its works and tries again later.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from shared.engine.batch import Batch, Rules
from shared.engine.works import Announced, Result, Work
from shared.errors import Unavailable
from shared.runtime import faults, metrics
from shared.store.errors import Away, Collision, Culprit
from shared.store.store import Store

COLLISIONS_TOGETHER = 3  # tries of a whole batch before it is split
COLLISIONS_ALONE = 8  # tries of a single work before it is told to come back later
EVERYTHING = 10  # so many works, all failing, are not poison but a fault of the system


class Engine:
    """One service's engine. `run` is synchronous; the waiting line before it is `gather.Gatherer`."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        now: Callable[[], datetime],
        announce: Callable[[Sequence[Announced]], None],
        sent: Callable[[], list[UUID]] = list,
    ) -> None:
        self._store = store
        self._rules = rules
        self._now = now
        self._announce = announce
        self._sent = sent
        self._marks: list[UUID] = []

    def run(self, works: Sequence[Work]) -> list[Result]:
        """Carry out the works and give each one's result, in their order; `Away` if nothing can be done now."""
        sift = Sift(self._attempt)
        sift.settle(list(works), 0)
        if len(sift.condemned) == len(works) >= EVERYTHING:
            raise Away(f"every work is refused by the database: {next(iter(sift.condemned.values()))[1]}")
        for work, culprit in sift.condemned.values():
            sift.results[work.id] = self._condemn(work, culprit)
        return [sift.results[work.id] for work in works]

    def _attempt(self, works: Sequence[Work]) -> list[Result]:
        self._marks += self._sent()  # kept until a batch with them is committed
        with self._store.transaction() as transaction:
            batch = Batch(self._rules, transaction, self._now())
            results, changes = batch.decide(works)
            if batch.failures == len(works) >= EVERYTHING:
                raise Away("every command of the batch fails")
            changes.sent = self._marks
            announced = transaction.write(changes)
            faults.reach(faults.BEFORE_COMMIT)
        if self._marks:
            faults.reach(faults.AFTER_MARK)
        self._marks = []
        if changes.snapshots:
            self._rules.references.forget()
        if announced:
            faults.reach(faults.BEFORE_PUBLISH)
            self._announce(announced)
        metrics.observe(changes.observed)
        return results

    def _condemn(self, work: Work, culprit: Culprit) -> Result:
        """What becomes of a work that the database does not accept, alone."""
        if work.message is not None:
            return self._attempt([replace(work, flaw=f"database: {culprit}")])[0]
        if culprit.refusal is not None and work.refuse is not None:
            status, body = work.refuse(culprit.refusal)
            return Result("refused", status, body, error=culprit.refusal)
        return Result("failed", value=culprit)


class Sift:
    """Tries a batch, and splits it where it fails, until each work has a result or is condemned."""

    def __init__(self, attempt: Callable[[Sequence[Work]], list[Result]]) -> None:
        self._attempt = attempt
        self.results: dict[UUID, Result] = {}
        self.condemned: dict[UUID, tuple[Work, Culprit]] = {}

    def settle(self, works: list[Work], tries: int) -> None:
        """Carry out the works together if possible."""
        try:
            results = self._attempt(works)
        except Collision:
            self._again(works, tries)
        except Culprit as culprit:
            # A row that another replica wrote a moment ago looks like a culprit; the second look knows it as done.
            if len(works) == 1 and tries:
                self.condemned[works[0].id] = (works[0], culprit)
            else:
                self._split(works)
        else:
            self.results.update({work.id: result for work, result in zip(works, results, strict=True)})

    def _again(self, works: list[Work], tries: int) -> None:
        metrics.conflicts.inc()
        if len(works) > 1 and tries >= COLLISIONS_TOGETHER:
            self._split(works)
        elif tries >= COLLISIONS_ALONE:
            self.results[works[0].id] = self._later(works[0])
        else:
            time.sleep(random.uniform(0, 0.002 * 2**tries))
            self.settle(works, tries + 1)

    def _split(self, works: list[Work]) -> None:
        if len(works) == 1:
            self.settle(works, 1)
            return
        metrics.splits.inc()
        middle = len(works) // 2
        self.settle(works[:middle], 0)
        self.settle(works[middle:], 0)

    def _later(self, work: Work) -> Result:
        if work.message is not None:
            raise Away("a message collides with other replicas again and again")
        busy = Unavailable()
        status, body = work.refuse(busy) if work.refuse else (0, b"")
        return Result("busy", status, body, error=busy)
