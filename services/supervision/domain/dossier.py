"""What every command on a case writes: its file after the events, its clocks, the journal, the sums, the metrics."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.clockwork import moves
from services.supervision.domain.entry import Entry
from services.supervision.domain.figures import of_clock, of_file
from services.supervision.domain.folding import fold
from services.supervision.domain.observing import observed
from services.supervision.domain.order import Order
from services.supervision.domain.policies import POLICIES_NEEDS, policies_of
from services.supervision.domain.refusal import Refusal
from services.supervision.domain.winding import Clocks, make_all
from shared.engine.work import Context, Key, Loaded, Needs, Outcome, many, one, through


def dossier_needs(case_id: UUID) -> Needs:
    """A case's file and clocks."""
    yield one(CaseFile, case_id)
    yield many(Clock, "case_id", case_id)


def acting_needs(case_id: UUID) -> Needs:
    """A case's file, clocks and orders, and the limits: what people's commands on a case need."""
    yield from dossier_needs(case_id)
    yield many(Order, "case_id", case_id)
    yield from POLICIES_NEEDS


def order_needs(order_id: UUID) -> Needs:
    """An order, with the file and the clocks of its case, and the limits."""
    yield from _through(Order, order_id)


def refusal_needs(refusal_id: UUID) -> Needs:
    """A refusal, with the file and the clocks of its case, and the limits."""
    yield from _through(Refusal, refusal_id)


def _through(kind: type[Any], id: UUID) -> Needs:
    yield through(kind, id, "case_id", CaseFile)
    yield through(kind, id, "case_id", Clock, "case_id")
    yield one(kind, id)
    yield from POLICIES_NEEDS


def acted(
    dossier: "Dossier",
    loaded: Loaded,
    events: Sequence[Any],
    *,
    new: Sequence[Any] = (),
    changed: Sequence[Any] = (),
    result: Any = None,
) -> Outcome:
    """What somebody's command on a case writes and announces: these events, and what they do to its clocks."""
    clocks = Clocks.of(loaded.many(Clock, "case_id", dossier.file.id), policies_of(loaded))
    dossier.act(events, clocks)
    told = dossier.wind(clocks)
    return dossier.outcome(events=(*events, *told), result=result, new=new, changed=changed)


class Dossier:
    """A case while a command decides: `tell` what happened, `keep` changed clocks, and `outcome` writes all of it."""

    def __init__(self, case_id: UUID, loaded: Loaded, context: Context) -> None:
        found = loaded.find(CaseFile, case_id)
        self.file = found or CaseFile(case_id)
        self._before = found
        self._context = context
        self._entries: list[Entry] = []
        self._new_clocks: list[Clock] = []
        self._clocks: list[tuple[Clock, Clock]] = []

    def hear(self, event: Any, at: datetime) -> None:
        """An event of another service, announced `at` this time."""
        self._enter(self._context.work, event, at)

    def known(self, before: CaseFile) -> CaseFile:
        """The case as it is known now, with the early stops of `before`."""
        return replace(self.file, stopped=before.stopped)

    def recall(self, entries: Iterable[Entry], clocks: Clocks) -> None:
        """Make good the clocks that began before anybody had told what kind of case it is, from all that was heard.

        They had no limit then, or nobody to be told. `entries` are those of before this event.
        """
        earlier = sorted(entries, key=lambda one: one.number)
        file, again = CaseFile(self.file.id), Clocks.of((), clocks.policies)
        if not earlier or fold(file, earlier[0].event, earlier[0].time).kind:
            return
        for entry in earlier:
            event, before = entry.event, file
            file = fold(file, event, entry.time)
            make_all(again, moves(before, event), self.known(before), self._context.now)
        clocks.mend(again)

    def tell(self, events: Sequence[Any]) -> None:
        """Events of our own, which become part of the case's history as well."""
        for event in events:
            self._enter(self._context.new_id(f"entry:{self.file.entries}"), event, self._context.now)

    def act(self, events: Sequence[Any], clocks: Clocks) -> None:
        """Our own events, one after the other: told, and the clocks moved as the table says of them."""
        for event in events:
            before = self.file
            self.tell([event])
            make_all(clocks, moves(before, event), self.known(before), self._context.now)

    def wind(self, clocks: Clocks) -> Sequence[Any]:
        """Keep what became of the clocks, and what that told."""
        self.keep(clocks.new, [(clocks.loaded[one.id], one) for one in clocks.changed])
        self.tell(clocks.events)
        return clocks.events

    def keep(self, new: Sequence[Clock] = (), changed: Sequence[tuple[Clock, Clock]] = ()) -> None:
        """Clocks that are new, and those that changed: as they were, and as they are."""
        self._new_clocks.extend(new)
        self._clocks.extend(changed)

    def outcome(
        self, events: Sequence[Any] = (), result: Any = None, new: Sequence[Any] = (), changed: Sequence[Any] = ()
    ) -> Outcome:
        """Everything to be written; `events` must have been told before, `new` and `changed` are other aggregates."""
        counts: Counter[Key] = of_file(self.file)
        if self._before:
            counts.subtract(of_file(self._before))
        for before, after in self._clocks:
            counts.update(of_clock(after))
            counts.subtract(of_clock(before))
        for clock in self._new_clocks:
            counts.update(of_clock(clock))
        ended = [(None, one) for one in self._new_clocks]
        file = (self.file,) if self.file is not self._before else ()
        return Outcome(
            new=(*(() if self._before else file), *self._new_clocks, *self._entries, *new),
            changed=(*(file if self._before else ()), *(after for _, after in self._clocks), *changed),
            events=events,
            result=result,
            counts=counts,
            observed=observed([*ended, *self._clocks]),
        )

    def _enter(self, id: UUID, event: Any, at: datetime) -> None:
        self.file = fold(self.file, event, at)
        self._entries.append(Entry.of(id, self.file.entries, event, at))
