"""What every command on a case writes: its file after the events, its clocks, the journal, the sums, the metrics."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.clockwork import Move, moves
from services.supervision.domain.entry import Entry
from services.supervision.domain.figures import difference
from services.supervision.domain.folding import fold
from services.supervision.domain.observing import observed
from services.supervision.domain.order import Order
from services.supervision.domain.policies import POLICIES_NEEDS, Policies, policies_of
from services.supervision.domain.refusal import Refusal
from services.supervision.domain.ruling import listed
from services.supervision.domain.winding import Clocks, make_all
from shared.engine.work import Context, Loaded, Needs, Outcome, many, one, through


def dossier_needs(case_id: UUID) -> Needs:
    """A case's file and clocks."""
    yield one(CaseFile, case_id)
    yield one(CaseClocks, case_id)


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
    yield through(kind, id, "case_id", CaseClocks)
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
    clocks = dossier.clocks(policies_of(loaded))
    dossier.act(events, clocks)
    told = dossier.wind(clocks)
    return dossier.outcome(events=(*events, *told), result=result, new=new, changed=changed)


class Dossier:
    """A case while a command decides: `tell` what happened, `keep` its clocks, and `outcome` writes all of it."""

    def __init__(self, case_id: UUID, loaded: Loaded, context: Context) -> None:
        self._before = loaded.find(CaseFile, case_id)
        self._clocks_before = loaded.find(CaseClocks, case_id)
        self.file = self._before or CaseFile(case_id)
        self._clocks = self._clocks_before or CaseClocks(case_id, version=0)
        self._context = context
        self._entries: list[Entry] = []

    def clocks(self, policies: Policies) -> Clocks:
        """The case's clocks, for moves to be made on them."""
        return Clocks(policies, self._clocks.clocks)

    def hear(self, event: Any, at: datetime) -> Sequence[Move]:
        """An event of another service, announced `at` this time; what it does to the clocks."""
        return self._enter(self._context.work, event, at)

    def known(self, before: CaseFile) -> CaseFile:
        """The case as it is known now, with the early stops of `before`."""
        return replace(self.file, stopped=before.stopped)

    def recall(self, entries: Iterable[Entry], clocks: Clocks) -> None:
        """Make good the clocks that began before anybody had told what kind of case it is, from all that was heard.

        They had no limit then, or nobody to be told. `entries` are those of before this event.
        """
        earlier = sorted(entries, key=lambda one: one.number)
        file, again = CaseFile(self.file.id), Clocks(clocks.policies)
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
            self._tell(event)

    def act(self, events: Sequence[Any], clocks: Clocks) -> None:
        """Our own events, one after the other: told, and the clocks moved as the table says of them."""
        for event in events:
            before = self.file
            made = self._tell(event)
            make_all(clocks, made, self.known(before), self._context.now)

    def wind(self, clocks: Clocks) -> Sequence[Any]:
        """Keep what became of the clocks, and what that told."""
        if clocks.moved:
            self.keep(self._clocks.set(clocks.present.values()))
        self.tell(clocks.events)
        return clocks.events

    def keep(self, clocks: CaseClocks) -> None:
        """The clocks as they are now."""
        self._clocks = clocks

    def outcome(
        self, events: Sequence[Any] = (), result: Any = None, new: Sequence[Any] = (), changed: Sequence[Any] = ()
    ) -> Outcome:
        """Everything to be written; `events` must have been told before, `new` and `changed` are other aggregates."""
        added, altered = [*self._entries, *new], [*changed]
        for before, after in ((self._before, self.file), (self._clocks_before, self._clocks)):
            if before is None and after.version:
                added.append(after)
            elif before is not None and after is not before:
                altered.append(after)
        return Outcome(
            new=added,
            changed=altered,
            events=events,
            result=result,
            counts=difference(self._before, self._were, self.file, self._clocks.clocks),
            listed=listed(self._before, self._were, self.file, self._clocks.clocks),
            observed=observed(self._were, self._clocks.clocks, self.file.kind),
        )

    @property
    def _were(self) -> tuple[Clock, ...]:
        return self._clocks_before.clocks if self._clocks_before else ()

    def _tell(self, event: Any) -> Sequence[Move]:
        return self._enter(self._context.new_id(f"entry:{self.file.entries}"), event, self._context.now)

    def _enter(self, id: UUID, event: Any, at: datetime) -> Sequence[Move]:
        made = moves(self.file, event)
        self.file = fold(self.file, event, at, made)
        self._entries.append(Entry.of(id, self.file.entries, event, at))
        return made
