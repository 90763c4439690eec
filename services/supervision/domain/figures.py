"""What a case's file and its clocks add to the sums (指标).

A sum's key is figure, month, department, area and category. Each figure is summed three times, so that reading one view
never touches another's rows: by community (area is the community's, the rest empty), by category (area is the
street's), and for each department that it speaks of (area is the street's). What is so at this moment has no month and
lies in the first and last view only.

In which month something counts (Asia/Shanghai), so that numerator and denominator always speak of the same things:

- what is said of a summons (reported in, disputed, re-routed, fed back, not verified): in the month of the summons;
- what is said of a dispatch (re-routed or not): in the month of the case's first dispatch;
- what is said of asking for a whistle (returned or not): in the month in which it was first asked for;
- what a limit came to: in the month in which that was settled, when it was kept, or when it ran out unkept. A breach
  stays in its month whenever it ends; withdrawn, it moves to the month in which the limit was kept;
- whether a summons was reported in on time: in the month of the summons;
- the points that a refusal costs: in the month of the finding;
- what reporters said: in the month in which they were called back. Each round is asked about anew and counts anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile, Part
from services.supervision.domain.clock import OVERDUE, Clock
from services.supervision.domain.refusal import Refusal
from services.supervision.domain.transitions import ClockState
from shared.calendar import CHINA
from shared.engine.work import Key

STREET_DEPTH, COMMUNITY_DEPTH = 2, 3  # district, street, community: the dots of an area's code (名录的层级)
NOW = ""  # the month of what is so at this moment
KEPT = 10_000  # answers
SATISFIED = 4  # of 5
SETTLED = ("sign", "close", "call_back")  # clocks of which measures ask whether they were kept


class Place(NamedTuple):
    """Where and about what."""

    area: str
    category: str


class Said(Struct, frozen=True):
    """So much of a figure in a month, of the case and of each of these departments; or of the departments `alone`."""

    figure: str
    month: str
    amount: int
    departments: tuple[str, ...] = ()
    alone: bool = False


class Sums:
    """Adds to `counts`, in each view, what is said of a case that lies there, so many `times`."""

    def __init__(self, counts: Counter[Key], place: Place, times: int = 1) -> None:
        self._counts = counts
        self._times = times
        self._street = street_of(place.area)
        self._community = community_of(place.area)
        self._category = place.category

    def add(self, all_said: Iterable[Said]) -> None:
        """Add all of this."""
        for one in all_said:
            figure, month, more = one.figure, one.month, one.amount * self._times
            if not more:
                continue
            if not one.alone:
                self._counts[figure, month, "", self._community, ""] += more
                if self._category and month != NOW:
                    self._counts[figure, month, "", self._street, self._category] += more
            for department in one.departments:
                self._counts[figure, month, department, self._street, ""] += more


@cache  # a town has a few hundred
def street_of(area: str) -> str:
    """The code of the street in which an area lies."""
    return ".".join(area.split(".")[:STREET_DEPTH])


@cache
def community_of(area: str) -> str:
    """The code of the community in which an area lies."""
    return ".".join(area.split(".")[:COMMUNITY_DEPTH])


@lru_cache(maxsize=KEPT)  # every sum asks, most for the same few moments
def month_of(moment: datetime) -> str:
    """The month in local time, as `2026-11`."""
    return f"{moment.astimezone(CHINA):%Y-%m}"


def of_case(file: CaseFile, clocks: Iterable[Clock]) -> Counter[Key]:
    """What a case and its clocks add."""
    return difference(None, (), file, clocks)


def difference(
    before: CaseFile | None, clocks_before: Iterable[Clock], after: CaseFile, clocks_after: Iterable[Clock]
) -> Counter[Key]:
    """What a case and its clocks add to what they were; clocks that are the same objects are not looked at again."""
    counts: Counter[Key] = Counter()
    were = {one.id: one for one in clocks_before}
    place = Place(after.area, after.category)
    place_before = Place(before.area, before.category) if before else place
    gained, lost = Sums(counts, place), Sums(counts, place_before, -1)
    said, was_said = [*_of_file(after)], [*_of_file(before)] if before else []
    if said != was_said or place != place_before:
        gained.add(said)
        lost.add(was_said)
    for one in clocks_after:
        was = were.get(one.id)
        if was is None and one.untold:
            continue
        if was is not one or place != place_before:
            gained.add(_of_clock(one))
            lost.add(_of_clock(was) if was else ())
    return counts


def _of_file(file: CaseFile) -> Iterator[Said]:
    yield Said(f"state.{file.state}", NOW, 1)
    yield Said("case.overdue", NOW, file.overdue_since is not None)
    for waiting in file.waiting:
        yield Said(f"waiting.{waiting.matter}", NOW, 1)
    if file.submitted_at:
        month = month_of(file.submitted_at)
        yield Said("submitted", month, 1)
        yield Said("returned", month, file.returns > 0)
    if file.dispatched_at:
        yield from _of_dispatch(file, month_of(file.dispatched_at))
    for part in file.parts:
        yield from _of_part(part, month_of(part.summoned_at))
    for verdict in file.verdicts:
        month = month_of(verdict.at)
        yield Said("called_back", month, 1, verdict.departments)
        yield Said("resolved", month, verdict.resolved, verdict.departments)
        yield Said("satisfied", month, (verdict.satisfaction or 0) >= SATISFIED, verdict.departments)


def _of_dispatch(file: CaseFile, month: str) -> Iterator[Said]:
    """A case is dispatched right when nobody was re-routed, a department when it was not."""
    right = tuple(one.department for one in file.parts if one.ended != "rerouted")
    yield Said("dispatched", month, 1)
    yield Said("dispatched_right", month, len(right) == len(file.parts))
    yield Said("dispatched", month, 1, tuple(one.department for one in file.parts), alone=True)
    yield Said("dispatched_right", month, 1, right, alone=True)


def _of_part(part: Part, month: str) -> Iterator[Said]:
    """Whoever was let off before reporting in did not have to."""
    reported, departments = part.reported_at is not None, (part.department,)
    yield Said("summoned", month, 1, departments)
    yield Said("to_report_in", month, part.live or reported, departments)
    yield Said("reported_in", month, reported, departments)
    yield Said("disputed", month, part.disputes > 0, departments)
    yield Said("rerouted", month, part.ended == "rerouted", departments)
    yield Said("fed_back", month, part.feedbacks, departments)
    yield Said("unverified", month, part.unverified, departments)


def _of_clock(clock: Clock) -> Iterator[Said]:
    """What it is now, and what it came to."""
    departments = (clock.department,) if clock.department else ()
    if clock.open and clock.breached:
        yield Said(f"overdue.{clock.name}", NOW, 1, (clock.department,), alone=True)
    if clock.name == "report_in":
        yield Said("reported_in_on_time", month_of(clock.started_at), clock.in_time is True, departments)
    settled = settled_at(clock) if clock.name in SETTLED else None
    if settled:
        month = month_of(settled)
        yield Said(f"{clock.name}.due", month, 1, departments)
        yield Said(f"{clock.name}.in_time", month, clock.in_time is True, departments)
        yield Said(f"{clock.name}.extended", month, clock.extended_seconds > 0, departments)


def settled_at(clock: Clock) -> datetime | None:
    """When it was settled whether the limit was kept; None while it is open, and for what nobody waits for any more."""
    if clock.breached:
        return next(one.at for one in clock.steps if one.name == OVERDUE)
    if clock.state is ClockState.STOPPED and clock.stopped_at:
        return clock.stopped_at if clock.in_time else min(clock.stopped_at, clock.due_at)
    return None


def of_refusal(refusal: Refusal, category: str) -> Counter[Key]:
    """What a refusal adds: the points that it costs its department, in the month of the finding."""
    counts: Counter[Key] = Counter()
    if said := refusal.finding:
        points = Said("refusal.points", month_of(said.at), said.points, (refusal.department,))
        Sums(counts, Place(refusal.area, category)).add([points])
    return counts
