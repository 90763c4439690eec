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
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

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


class Sums:
    """Adds to `counts` what one thing contributes, in each view, so many `times`."""

    def __init__(self, counts: Counter[Key], place: Place, times: int = 1) -> None:
        self._counts = counts
        self._times = times
        self._street = street_of(place.area)
        self._community = community_of(place.area)
        self._category = place.category

    def add(self, figure: str, month: str, amount: int, departments: Iterable[str] = ()) -> None:
        """So much for the community and the category, and as much for each of these departments."""
        if amount:
            self._counts[figure, month, "", self._community, ""] += amount * self._times
            if self._category and month != NOW:
                self._counts[figure, month, "", self._street, self._category] += amount * self._times
            for department in departments:
                self.add_for(department, figure, month, amount)

    def add_for(self, department: str, figure: str, month: str, amount: int) -> None:
        """So much for a department alone."""
        if amount:
            self._counts[figure, month, department, self._street, ""] += amount * self._times


def street_of(area: str) -> str:
    """The code of the street in which an area lies."""
    return ".".join(area.split(".")[:STREET_DEPTH])


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
    gained = Sums(counts, place)
    _add_file(gained, after)
    place_before = place
    if before:
        place_before = Place(before.area, before.category)
        _add_file(Sums(counts, place_before, -1), before)
    lost = Sums(counts, place_before, -1)
    for one in clocks_after:
        was = were.get(one.id)
        if was is not one or place != place_before:
            _add_clock(gained, one)
            if was:
                _add_clock(lost, was)
    return counts


def _add_file(sums: Sums, file: CaseFile) -> None:
    sums.add(f"state.{file.state}", NOW, 1)
    sums.add("case.overdue", NOW, file.overdue_since is not None)
    for waiting in file.waiting:
        sums.add(f"waiting.{waiting.matter}", NOW, 1)
    if file.submitted_at:
        month = month_of(file.submitted_at)
        sums.add("submitted", month, 1)
        sums.add("returned", month, file.returns > 0)
    if file.dispatched_at:
        _of_dispatch(sums, file, month_of(file.dispatched_at))
    for part in file.parts:
        _of_part(sums, part, month_of(part.summoned_at))
    for verdict in file.verdicts:
        month = month_of(verdict.at)
        sums.add("called_back", month, 1, verdict.departments)
        sums.add("resolved", month, verdict.resolved, verdict.departments)
        sums.add("satisfied", month, (verdict.satisfaction or 0) >= SATISFIED, verdict.departments)


def _of_dispatch(sums: Sums, file: CaseFile, month: str) -> None:
    """A case is dispatched right when nobody was re-routed, a department when it was not."""
    sums.add("dispatched", month, 1)
    sums.add("dispatched_right", month, all(one.ended != "rerouted" for one in file.parts))
    for part in file.parts:
        sums.add_for(part.department, "dispatched", month, 1)
        sums.add_for(part.department, "dispatched_right", month, part.ended != "rerouted")


def _of_part(sums: Sums, part: Part, month: str) -> None:
    """Whoever was let off before reporting in did not have to."""
    reported = part.reported_at is not None
    figures = {
        "summoned": 1,
        "to_report_in": part.live or reported,
        "reported_in": reported,
        "disputed": part.disputes > 0,
        "rerouted": part.ended == "rerouted",
        "fed_back": part.feedbacks,
        "unverified": part.unverified,
    }
    for figure, amount in figures.items():
        sums.add(figure, month, amount, (part.department,))


def _add_clock(sums: Sums, clock: Clock) -> None:
    """What it is now, and what it came to."""
    departments = (clock.department,) if clock.department else ()
    if clock.open and clock.breached:
        sums.add_for(clock.department, f"overdue.{clock.name}", NOW, 1)
    if clock.name == "report_in":
        sums.add("reported_in_on_time", month_of(clock.started_at), clock.in_time is True, departments)
    settled = settled_at(clock) if clock.name in SETTLED else None
    if settled:
        month = month_of(settled)
        sums.add(f"{clock.name}.due", month, 1, departments)
        sums.add(f"{clock.name}.in_time", month, clock.in_time is True, departments)
        sums.add(f"{clock.name}.extended", month, clock.extended_seconds > 0, departments)


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
    sums = Sums(counts, Place(refusal.area, category))
    if refusal.finding:
        sums.add("refusal.points", month_of(refusal.finding.at), refusal.finding.points, (refusal.department,))
    return counts
