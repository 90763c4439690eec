"""Every figure is what a plain recount of the journal makes it, whatever lives the cases had.

The recount shares nothing with the service but the events: it reads them one after the other and does its own
arithmetic with hours, since every limit here runs round the clock.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.supervision.commands import fire_clocks, follow_event
from services.supervision.commands.fire_clocks import FireClocks
from services.supervision.commands.follow_event import FollowEvent
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.entry import Entry
from shared.engine.work import Key, Outcome
from shared.runtime.clock import uuid7
from tests.support.deciding import decide
from tests.support.lives import HOURS, SNAPSHOTS, in_turn, live

Fact = tuple[str, str, str]  # figure, month, department ("" for the case itself)


class World:
    """Supervision in memory: what the engine would have written."""

    def __init__(self) -> None:
        self.files: dict[UUID, CaseFile] = {}
        self.clocks: dict[UUID, CaseClocks] = {}
        self.entries: dict[UUID, list[Entry]] = defaultdict(list)
        self.tally: Counter[Key] = Counter()

    def hear(self, event: Any, at: datetime, now: datetime) -> None:
        """Follow an event."""
        self._do(follow_event, FollowEvent(event, at), event.case_id, now)

    def fire(self, case: UUID, now: datetime) -> None:
        """Every step of a case's clocks that is due, in its order."""
        if case in self.clocks and (at := self.clocks[case].next_at) and at <= now:
            self._do(fire_clocks, FireClocks(case), case, now)

    def _do(self, module: Any, command: Any, case: UUID, now: datetime) -> None:
        known = [rows[case] for rows in (self.files, self.clocks) if case in rows]
        self._keep(decide(module, command, *known, references=SNAPSHOTS, now=now, work=uuid7()))

    def _keep(self, outcome: Outcome) -> None:
        for one in (*outcome.new, *outcome.changed):
            match one:
                case CaseFile():
                    self.files[one.id] = one
                case CaseClocks():
                    self.clocks[one.id] = one
                case Entry():
                    self.entries[one.case_id].append(one)
        self.tally.update(outcome.counts)

    def journal(self) -> dict[UUID, list[Any]]:
        """Every case's events in the order in which they were applied."""
        order = {case: sorted(entries, key=lambda one: one.number) for case, entries in self.entries.items()}
        return {case: [one.event for one in entries] for case, entries in order.items()}


@dataclass
class Limit:
    """A limit as the recount follows it."""

    name: str
    department: str
    start: datetime
    hours: float
    more: timedelta = timedelta()
    extended: bool = False
    paused: datetime | None = None
    stop: datetime | None = None
    gone: bool = False
    ran_out: datetime | None = None

    @property
    def due(self) -> datetime:
        return self.start + timedelta(hours=self.hours) + self.more

    @property
    def open(self) -> bool:
        return self.stop is None and not self.gone

    @property
    def in_time(self) -> bool:
        if self.stop is None:
            return False
        return self.stop <= self.due or (self.paused is not None and self.paused <= self.due)


@dataclass
class Part:
    department: str
    month: str
    reported: bool = False
    disputed: bool = False
    ended: str = ""
    fed_back: int = 0
    unverified: int = 0
    limits: list[Limit] = field(default_factory=list)


def month(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m")


class Recount:
    """One case, event by event."""

    def __init__(self) -> None:
        self.area = self.category = ""
        self.parts: dict[UUID, Part] = {}
        self.calls: list[Limit] = []
        self.verdicts: list[tuple[datetime, bool, int | None, list[str]]] = []
        self.closed_at: datetime | None = None
        self.submitted = self.dispatched = ""
        self.returned = False

    def read(self, event: Any) -> None:
        if hasattr(event, "place"):
            self.area, self.category = event.place.area, event.category
        getattr(self, "_" + event.type.removesuffix(".v1").replace(".", "_"), lambda _: None)(event)

    def _limits(self, id: UUID | None = None, *names: str) -> Iterator[Limit]:
        for part_id, part in self.parts.items():
            if id in (None, part_id):
                yield from (one for one in part.limits if one.open and (not names or one.name in names))

    def _case_submitted(self, event: Any) -> None:
        self.submitted = self.submitted or month(event.submitted_at)

    def _case_returned(self, _event: Any) -> None:
        self.returned = True

    def _case_dispatched(self, event: Any) -> None:
        self.dispatched = month(event.dispatched_at)
        for one in event.summons:
            self._summon(one, event.dispatched_at)

    def _summon(self, one: Any, at: datetime) -> None:
        names = ("sign", "report_in", "close")
        limits = [Limit(name, one.department, at, HOURS[name]) for name in names]
        self.parts[one.assignment_id] = Part(one.department, month(at), limits=limits)

    def _summons_changed(self, event: Any) -> None:
        for id in event.removed:
            self._end(id, self.parts[id].ended or "withdrawn")
        for one in event.summons:
            if one.assignment_id in event.added:
                self._summon(one, event.changed_at)

    def _end(self, id: UUID, why: str) -> None:
        for limit in self._limits(id):
            limit.gone = True
        self.parts[id].ended = self.parts[id].ended or why

    def _assignment_disputed(self, event: Any) -> None:
        self.parts[event.assignment_id].disputed = True
        for limit in self._limits(event.assignment_id, "sign"):
            limit.paused = event.disputed_at

    def _dispute_ruled(self, event: Any) -> None:
        if event.rerouted_to:
            self._end(event.assignment_id, "rerouted")
            return
        self._go_on(self._limits(event.assignment_id, "sign"), event.ruled_at)

    def _go_on(self, limits: Iterator[Limit], at: datetime) -> None:
        for limit in limits:
            if limit.paused:
                limit.more += at - limit.paused
                limit.paused = None

    def _assignment_signed(self, event: Any) -> None:
        if not event.deemed:  # silence is no answer: whoever comes ends it
            for limit in self._limits(event.assignment_id, "sign"):
                limit.stop = event.signed_at

    def _assignment_reported_in(self, event: Any) -> None:
        self.parts[event.assignment_id].reported = True
        for clock in ("sign", "report_in"):
            for limit in self._limits(event.assignment_id, clock):
                limit.stop = event.reported_at

    def _assignment_excused(self, event: Any) -> None:
        self._end(event.assignment_id, "excused")

    def _assignment_fed_back(self, event: Any) -> None:
        self.parts[event.assignment_id].fed_back += 1
        for limit in self._limits(event.assignment_id, "close"):
            limit.stop = event.fed_back_at

    def _case_suspended(self, event: Any) -> None:
        for limit in self._limits():
            limit.paused = event.suspended_at

    def _case_resumed(self, event: Any) -> None:
        self._go_on(self._limits(), event.resumed_at)

    def _extension_ruled(self, event: Any) -> None:
        if event.granted:
            for limit in self._limits(event.assignment_id, "close"):
                limit.more += timedelta(minutes=event.minutes)
                limit.extended = True

    def _case_reopened(self, event: Any) -> None:
        for one in event.reopened:
            again = Limit("close", one.department, event.reopened_at, HOURS["close"] / 2)
            self.parts[one.assignment_id].limits.append(again)

    def _dispatch_withdrawn(self, _event: Any) -> None:
        for id, part in self.parts.items():
            if not part.ended:
                self._end(id, "withdrawn")

    _case_withdrawn = _dispatch_withdrawn

    def _case_self_handled(self, event: Any) -> None:
        self.calls.append(Limit("call_back", "", event.handled_at, HOURS["call_back"]))

    def _verification_passed(self, event: Any) -> None:
        self.calls.append(Limit("call_back", "", event.verified_at, HOURS["call_back"]))

    def _verification_failed(self, event: Any) -> None:
        for id in event.failed:
            self.parts[id].unverified += 1

    def _called(self, at: datetime) -> None:
        for limit in self.calls:
            if limit.open:
                limit.stop = at

    def _case_unresolved(self, event: Any) -> None:
        self._called(event.decided_at)
        self.verdicts.append((event.decided_at, False, None, self._taking_part()))
        self.closed_at = None

    def _case_closed(self, event: Any) -> None:
        self._called(event.closed_at)
        if self.closed_at:
            self.verdicts = [one for one in self.verdicts if one[0] != self.closed_at]
        self.closed_at = self.closed_at or event.closed_at
        if not event.unreached:
            self.verdicts.append((self.closed_at, event.resolved, event.satisfaction, self._taking_part()))

    def _taking_part(self) -> list[str]:
        return [one.department for one in self.parts.values() if not one.ended]

    def _clock_overdue(self, event: Any) -> None:
        for limit in self._named(event.clock):
            limit.ran_out = event.overdue_at

    def _breach_withdrawn(self, event: Any) -> None:
        for limit in self._named(event.clock):
            limit.ran_out = None

    def _named(self, clock: Any) -> Iterator[Limit]:
        part = self.parts.get(clock.assignment_id)
        for limit in part.limits if part else self.calls:
            if (limit.name, limit.start) == (clock.clock, clock.started_at):
                yield limit

    # --- what it comes to

    def facts(self) -> Iterator[Fact]:
        """Each figure once for each thing that counts; for departments and for the case."""
        if self.submitted:
            yield "submitted", self.submitted, ""
        if self.submitted and self.returned:
            yield "returned", self.submitted, ""
        if self.dispatched:
            yield from self._dispatch_facts()
        for part in self.parts.values():
            for fact in self._part_facts(part):
                yield from ((fact, part.month, one) for one in ("", part.department))
        for limit in (*self.calls, *(one for part in self.parts.values() for one in part.limits)):
            yield from self._limit_facts(limit)
        for at, resolved, satisfaction, departments in self.verdicts:
            said = ["called_back", *["resolved"] * resolved, *["satisfied"] * (satisfaction in (4, 5))]
            yield from ((figure, month(at), one) for figure in said for one in ("", *departments))

    def _dispatch_facts(self) -> Iterator[Fact]:
        yield "dispatched", self.dispatched, ""
        if not any(part.ended == "rerouted" for part in self.parts.values()):
            yield "dispatched_right", self.dispatched, ""
        for part in self.parts.values():
            yield "dispatched", self.dispatched, part.department
            if part.ended != "rerouted":
                yield "dispatched_right", self.dispatched, part.department

    def _part_facts(self, part: Part) -> Iterator[str]:
        yield "summoned"
        if part.reported or not part.ended:
            yield "to_report_in"
        if part.reported:
            yield "reported_in"
        if part.disputed:
            yield "disputed"
        if part.ended == "rerouted":
            yield "rerouted"
        yield from ["fed_back"] * part.fed_back
        yield from ["unverified"] * part.unverified
        if any(one.name == "report_in" and one.in_time for one in part.limits):
            yield "reported_in_on_time"

    def _limit_facts(self, limit: Limit) -> Iterator[Fact]:
        if limit.name == "report_in":
            return
        if limit.ran_out:
            settled = limit.ran_out
        elif limit.stop:
            settled = limit.stop if limit.in_time else min(limit.stop, limit.due)
        else:
            return
        for department in {"", limit.department}:
            yield f"{limit.name}.due", month(settled), department
            if limit.in_time:
                yield f"{limit.name}.in_time", month(settled), department
            if limit.extended:
                yield f"{limit.name}.extended", month(settled), department


def recounted(journal: dict[UUID, list[Any]]) -> Counter[Key]:
    """All sums of months, from the journal alone."""
    sums: Counter[Key] = Counter()
    for events in journal.values():
        case = Recount()
        for event in events:
            case.read(event)
        district, street, community, *_ = case.area.split(".")
        for figure, of, department in case.facts():
            if department:
                sums[figure, of, department, f"{district}.{street}", ""] += 1
            else:
                sums[figure, of, "", f"{district}.{street}.{community}", ""] += 1
                sums[figure, of, "", f"{district}.{street}", case.category] += 1
    return sums


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_figure_is_what_a_recount_of_the_journal_finds(random: Random, cases: int) -> None:
    """With withdrawn breaches, rework, re-routing and merging among what happens."""
    world = World()
    lives = [live(number, random) for number in range(cases)]
    for heard in in_turn(lives):
        if random.randint(1, 5) > 1:  # else the timers were asleep
            world.fire(heard.event.case_id, heard.heard_at)
        world.hear(heard.event, heard.at, heard.heard_at)
    end = max(life[-1].heard_at for life in lives) + timedelta(hours=random.randint(0, 400))
    for life in lives:
        world.fire(life[-1].event.case_id, end)
    of_months = {key: amount for key, amount in world.tally.items() if key[1] and amount}
    assert of_months == dict(recounted(world.journal()))


def test_the_lives_hold_what_is_easily_counted_wrong() -> None:
    """The recount would prove little about lives in which nothing goes wrong."""
    world, random = World(), Random(7)
    for heard in in_turn([live(number, random) for number in range(80)]):
        world.fire(heard.event.case_id, heard.heard_at)
        world.hear(heard.event, heard.at, heard.heard_at)
    types = {event.type for events in world.journal().values() for event in events}
    assert {
        "breach.withdrawn.v1", "case.reopened.v1", "dispute.ruled.v1", "summons.changed.v1", "case.withdrawn.v1",
        "extension.ruled.v1", "case.suspended.v1", "case.unresolved.v1", "clock.overdue.v1", "assignment.excused.v1",
    } <= types  # fmt: skip


def test_what_is_so_at_this_moment_is_counted_as_it_is() -> None:
    """States, overdue cases and limits, and what waits: the sums equal the rows."""
    world, random = World(), Random(11)
    for heard in list(in_turn([live(number, random) for number in range(60)]))[:400]:
        world.fire(heard.event.case_id, heard.heard_at)
        world.hear(heard.event, heard.at, heard.heard_at)
    files = list(world.files.values())
    clocks = [one for of in world.clocks.values() for one in of.clocks]
    now: Counter[str] = Counter()
    for (figure, month_of_sum, _, _, _), amount in world.tally.items():
        if not month_of_sum:
            now[figure] += amount
    expected = Counter(f"state.{file.state}" for file in files)
    expected["case.overdue"] = sum(bool(file.overdue) for file in files)
    expected.update(f"waiting.{one.matter}" for file in files for one in file.waiting)
    expected.update(f"overdue.{one.name}" for one in clocks if one.open and one.breached)
    assert +now == +expected
    assert expected["case.overdue"]
