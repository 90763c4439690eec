"""All limits of one case (案件时限), in one row, which is their timer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.clock import Clock, Step
from services.supervision.domain.transitions import ClockAction
from shared.engine.work import changed


class CaseClocks(Struct, frozen=True):
    """The clocks of the case with this id, those that have ended too.

    `next_at` is when the first of them has something to tell, None if nothing is to come; `provisional` whether the
    due time of one that is open lies past the last gazetted year.
    """

    id: UUID
    clocks: tuple[Clock, ...] = ()
    provisional: bool = False
    next_at: datetime | None = None
    claimed_until: datetime | None = None
    version: int = 1

    def set(self, clocks: Iterable[Clock]) -> "CaseClocks":
        """With these clocks, and their timer."""
        after = tuple(clocks)
        coming = [at for one in after if (at := one.next_at) is not None]
        provisional = any(one.provisional and one.open for one in after)
        return changed(
            self, clocks=after, provisional=provisional, next_at=min(coming, default=None), claimed_until=None
        )

    def fire(self, now: datetime) -> tuple["CaseClocks", list[tuple[Clock, Step]]]:
        """After everything that is due by now, and each step of it with its clock, in the order of their times."""
        after, told = [], []
        for clock in self.clocks:
            fired, steps = clock.fire(now) if clock.can(ClockAction.FIRE) else (clock, ())
            after.append(fired if steps else clock)
            told += [(fired, step) for step in steps]
        return self.set(after), sorted(told, key=lambda one: one[1].at)
