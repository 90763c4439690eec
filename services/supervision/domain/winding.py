"""Making moves on a case's clocks (拨表): what starts, stops, stands still or gets more time, and what that tells."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.supervision.domain.audiences import audience
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import OVERDUE, Clock, started
from services.supervision.domain.clockwork import Cancel, Extend, Move, Pause, Resume, Start, Stop
from services.supervision.domain.policies import Policies, Terms
from services.supervision.domain.transitions import ClockAction
from shared.calendar import Span, due
from shared.contracts.supervision import BreachWithdrawnV1
from shared.engine.work import derived

SHIFTS = {Cancel: ClockAction.CANCEL, Pause: ClockAction.PAUSE, Resume: ClockAction.RESUME}


class Clocks:
    """A case's clocks while moves are made on them; `events` are what that must tell."""

    def __init__(self, policies: Policies, clocks: Iterable[Clock] = ()) -> None:
        self.policies = policies
        self.present = {one.id: one for one in clocks}
        self.moved = False  # whether any is not as it was
        self.events: list[Any] = []
        self._alike: dict[tuple[Any, ...], Clock] = {}

    def mend(self, again: "Clocks") -> None:
        """Take over what is missing here, or was wound before its kind of case was known and has told nothing yet."""
        for id, clock in again.present.items():
            here = self.present.get(id)
            if here is None or (here.blind and not any(one.fired_at for one in here.steps)):
                self._put(clock)

    def make(self, move: Move, file: CaseFile, now: datetime) -> None:
        """Make one move; `file` is the case as it was before the event."""
        match move:
            case Start():
                self._start(move, file)
            case Stop():
                for clock in move.ends(self._open(move), lambda one: one.started_at):
                    self._stop(clock, move, file, now)
            case Extend():
                for clock in self._open(move):
                    self._put(clock.extend(move.at, move.share, self.policies.calendar))
            case _:
                self._shift(move)

    def _shift(self, move: Cancel | Pause | Resume) -> None:
        """What is done to every clock that a move means and that lets it be done."""
        action, calendar = SHIFTS[type(move)], self.policies.calendar
        for clock in [one for one in self.present.values() if move.means(one.name, one.key) and one.can(action)]:
            match move:
                case Cancel():
                    self._put(clock.cancel(move.at))
                case Resume():
                    self._put(clock.resume(move.at, calendar))
                case Pause():
                    self._put(clock.pause(move.at))

    def _start(self, move: Start, file: CaseFile) -> None:
        terms = self._terms(move, file) if move.until is None else Terms("N", Span())
        id = derived(file.id, f"{move.clock}:{move.key}:{move.at.isoformat()}")
        if terms is None or id in self.present:
            return
        clock = self._clock(id, move, file, terms)
        early = move.ended_early(file.stopped) if file.stopped else None
        self._put(clock.stop(early.at) if early else clock)

    def _terms(self, move: Start, file: CaseFile) -> Terms | None:
        """The limit of this clock; the one that is due first, where two speak of it."""
        usual = self.policies.terms(move.clock, file.matter, move.at)
        ongoing = self.policies.terms_in_progress(move.clock, file.matter)
        if usual is None or ongoing is None:
            return usual or ongoing
        return min(ongoing, usual, key=lambda one: self._due(move, one))

    def _due(self, move: Start, terms: Terms) -> datetime:
        return due(self.policies.calendar, terms.calendar, move.at, self._span(move, terms), move.department)

    def _clock(self, id: UUID, move: Start, file: CaseFile, terms: Terms) -> Clock:
        calendar, matter, span = self.policies.calendar, file.matter, self._span(move, terms)
        about = "" if move.key == str(move.assignment_id) else move.key
        # Departments that are summoned together have the same times, unless one's hours are its own.
        hours = calendar.hours_of(move.department) if terms.calendar == "W" else None
        alike = (move.clock, move.at, move.until, span, hours)
        if known := self._alike.get(alike):
            return replace(known, id=id, about=about, assignment_id=move.assignment_id, department=move.department)
        clock = Clock(
            id=id,
            name=move.clock,
            about=about,
            assignment_id=move.assignment_id,
            department=move.department,
            started_at=move.at,
            due_at=move.until or self._due(move, terms),
            calendar=terms.calendar,
            days=span.days,
            seconds=span.seconds,
            blind=not file.kind,
        )
        clock = started(clock, self.policies.warnings(matter), self.policies.ladder(matter, move.at), calendar)
        return self._alike.setdefault(alike, clock)

    def _span(self, move: Start, terms: Terms) -> Span:
        """The limit; a share of one is counted in seconds of its calendar."""
        if move.until is not None:
            return Span(0, max(0, round((move.until - move.at).total_seconds())))
        share = terms.share * move.share
        if share == 1.0:
            return terms.span
        day = self.policies.calendar.day_seconds(move.department) if terms.calendar == "W" else 86_400
        return Span(0, max(1, round((terms.span.days * day + terms.span.seconds) * share)))

    def _stop(self, clock: Clock, move: Stop, file: CaseFile, now: datetime) -> None:
        stopped = clock.stop(move.at)
        self._put(stopped)
        if clock.breached and not stopped.breached:
            told = audience(file, clock, OVERDUE)
            self.events.append(BreachWithdrawnV1(file.id, file.facts, stopped.facts, told, move.at, now))

    def _open(self, move: Stop | Extend) -> list[Clock]:
        named = [one for one in self.present.values() if one.name == move.clock and one.open]
        return [one for one in named if one.key == move.key]

    def _put(self, clock: Clock) -> None:
        self.present[clock.id] = clock
        self.moved = True


def make_all(clocks: Clocks, made: Iterable[Move], file: CaseFile, now: datetime) -> None:
    """Make these moves in their order."""
    for move in made:
        clocks.make(move, file, now)
