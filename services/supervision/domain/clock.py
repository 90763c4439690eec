"""One limit that runs (时限): from when, for how long, what it has told, and when it is heard of next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.supervision.domain.transitions import ClockAction, ClockState, next_state, possible
from shared.calendar import Calendar, Span, Which, due
from shared.contracts.supervision import ClockFacts

WARNING, OVERDUE, DUE = "warning", "overdue", "due"
SILENT = ("archive",)  # clocks that let something happen and tell nobody
NO_TIME = Span()


class Step(Struct, frozen=True, array_like=True, omit_defaults=True):
    """Something that a clock tells once: a `warning` (at so many per cent), `overdue`, or a level of the ladder.

    A clock that tells nobody has one step, `due`.

    `after` is the time past the due one at which a level is told. `fired_at` is the time it was due for, not that
    of the telling; `withdrawn` when what it told turned out not to be so.
    """

    name: str
    at: datetime
    percent: int = 0
    after: Span = NO_TIME
    fired_at: datetime | None = None
    withdrawn: bool = False


class Change(Struct, frozen=True, omit_defaults=True):
    """Why a due time moved, and from when."""

    at: datetime
    why: str
    due_before: datetime


class Clock(Struct, frozen=True, omit_defaults=True):
    """A limit of a case, of a department's assignment, or of something `about` it: a record, an order, a refusal.

    `calendar` is W (working time of the department) or N (round the clock). The limit is `days` and then `seconds` of
    that calendar from `started_at`; `extended_seconds` and `paused_seconds` come on top. `provisional`: the due time
    lies past the last gazetted year. `in_time` is None while it runs. `blind`: it started before anybody had told what
    kind of case it is.
    """

    id: UUID
    name: str
    started_at: datetime
    due_at: datetime
    calendar: Which
    about: str = ""
    assignment_id: UUID | None = None
    department: str = ""
    days: int = 0
    seconds: int = 0
    provisional: bool = False
    blind: bool = False
    steps: tuple[Step, ...] = ()
    state: ClockState = ClockState.RUNNING
    extended_seconds: int = 0
    paused_at: datetime | None = None
    paused_seconds: int = 0
    stopped_at: datetime | None = None
    in_time: bool | None = None
    history: tuple[Change, ...] = ()

    @property
    def key(self) -> str:
        """By which it is known, with its name, among the case's clocks."""
        return self.about or (str(self.assignment_id) if self.assignment_id else "")

    @property
    def next_at(self) -> datetime | None:
        """The time of the next step, if any is to come."""
        if self.state is not ClockState.RUNNING:
            return None
        return min([one.at for one in self.steps if one.fired_at is None], default=None)

    @property
    def open(self) -> bool:
        """Whether it still counts."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def breached(self) -> bool:
        """Whether it told that the limit had passed, and was right."""
        for one in self.steps:  # noqa: SIM110 - asked of every clock of every event; a generator takes three times as long
            if one.fired_at is not None and one.name == OVERDUE and not one.withdrawn:
                return True
        return False

    @property
    def facts(self) -> ClockFacts:
        """What a notice says of it."""
        return ClockFacts(
            self.id, self.name, self.key, self.assignment_id, self.department, self.started_at, self.due_at
        )

    @property
    def untold(self) -> bool:
        """Whether it runs and has told nothing yet."""
        return self.state is ClockState.RUNNING and not any(one.fired_at for one in self.steps)

    def can(self, action: ClockAction) -> bool:
        """Whether the table lets this happen in the present state."""
        return possible(self.state, action)

    def fire(self, now: datetime) -> tuple["Clock", tuple[Step, ...]]:
        """The clock after every step that is due by now, and those steps in their order."""
        state = next_state(self.state, ClockAction.FIRE)
        fired = tuple(replace(one, fired_at=one.at) for one in self.steps if one.fired_at is None and one.at <= now)
        steps = {(one.name, one.percent): one for one in fired}
        after = tuple(steps.get((one.name, one.percent), one) for one in self.steps)
        return replace(self, state=state, steps=after), fired

    def pause(self, at: datetime) -> "Clock":
        """It stands still from now on (挂账, 异议)."""
        return replace(self, state=next_state(self.state, ClockAction.PAUSE), paused_at=at)

    def resume(self, at: datetime, calendar: Calendar) -> "Clock":
        """It goes on; what comes is later by as long as it stood still."""
        state = next_state(self.state, ClockAction.RESUME)
        stood = self._seconds_between(self.paused_at or at, at, calendar)
        paused = self.paused_seconds + stood
        return self._reckoned(at, "resumed", calendar, state=state, paused_at=None, paused_seconds=paused)

    def extend(self, at: datetime, share: float, calendar: Calendar) -> "Clock":
        """More time (延期): this share of the limit it began with."""
        state = next_state(self.state, ClockAction.EXTEND)
        more = self.extended_seconds + round(self.limit(calendar) * share)
        return self._reckoned(at, "extended", calendar, state=state, extended_seconds=more)

    def reckon(self, at: datetime, calendar: Calendar) -> "Clock":
        """Its due time by what is known of the calendar now; the same clock if that changes nothing."""
        state = next_state(self.state, ClockAction.RECKON)
        reckoned = self._reckoned(at, "calendar", calendar, state=state)
        same = (reckoned.due_at, reckoned.provisional) == (self.due_at, self.provisional)
        return self if same else reckoned

    def stop(self, at: datetime) -> "Clock":
        """What it waited for happened `at` this time. A breach that was told before it was heard is withdrawn."""
        state = next_state(self.state, ClockAction.STOP)
        in_time = at <= self.due_at or (self.paused_at is not None and self.paused_at <= self.due_at)
        steps = tuple(
            replace(one, withdrawn=True) if in_time and one.fired_at is not None and one.name != WARNING else one
            for one in self.steps
        )
        return replace(self, state=state, stopped_at=at, in_time=in_time, steps=steps)

    def cancel(self, at: datetime) -> "Clock":
        """Nobody waits for it any more; a breach that was told stays."""
        return replace(self, state=next_state(self.state, ClockAction.CANCEL), stopped_at=at)

    def limit(self, calendar: Calendar) -> int:
        """The limit it began with, in seconds of its calendar."""
        day = calendar.day_seconds(self.department) if self.calendar == "W" else 86_400
        return self.days * day + self.seconds

    def _seconds_between(self, start: datetime, end: datetime, calendar: Calendar) -> int:
        if self.calendar == "W":
            return calendar.between(start, end, self.department)
        return max(0, round((end - start).total_seconds()))

    def _reckoned(self, at: datetime, why: str, calendar: Calendar, **fields: Any) -> "Clock":
        """With these fields; due time and steps made anew. What was told stays told, where it was due stays known."""
        clock = replace(self, **fields)
        span = Span(clock.days, clock.seconds + clock.extended_seconds + clock.paused_seconds)
        due_at = due(calendar, clock.calendar, clock.started_at, span, clock.department)
        moved = (Change(at, why, self.due_at),) if due_at != self.due_at else ()
        return replace(
            self,
            **fields,
            due_at=due_at,
            provisional=clock.calendar == "W" and calendar.is_provisional(due_at),
            steps=tuple(moved_step(clock, one, due_at, calendar) for one in clock.steps),
            history=(*self.history, *moved),
        )


def moved_step(clock: Clock, step: Step, due_at: datetime, calendar: Calendar) -> Step:
    """A step of a clock that is due at this time, where it belongs; one that was told stays where it was."""
    if step.fired_at is not None:
        return step
    if step.name == WARNING:
        return Step(WARNING, _warns_at(clock, step.percent, calendar), step.percent)
    return Step(step.name, _rises_at(clock, due_at, step.after, calendar), 0, step.after)


def _warns_at(clock: Clock, percent: int, calendar: Calendar) -> datetime:
    share = (clock.limit(calendar) + clock.extended_seconds) * percent // 100
    return due(calendar, clock.calendar, clock.started_at, Span(0, share + clock.paused_seconds), clock.department)


def _rises_at(clock: Clock, due_at: datetime, after: Span, calendar: Calendar) -> datetime:
    return due(calendar, clock.calendar, due_at, after, clock.department)


def started(clock: Clock, percents: tuple[int, ...], ladder: tuple[tuple[str, Span], ...], calendar: Calendar) -> Clock:
    """A new clock with its steps: warnings, the limit, the levels of the ladder."""
    due_at = clock.due_at
    if clock.name in SILENT:
        steps = [Step(DUE, due_at)]
    else:
        steps = [Step(WARNING, _warns_at(clock, percent, calendar), percent) for percent in percents]
        steps += [Step(OVERDUE, _rises_at(clock, due_at, NO_TIME, calendar))]
        steps += [Step(level, _rises_at(clock, due_at, after, calendar), 0, after) for level, after in ladder]
    provisional = clock.calendar == "W" and calendar.is_provisional(due_at)
    return replace(clock, steps=tuple(steps), provisional=provisional)
