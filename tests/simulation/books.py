"""One service's database in memory: a transaction at a time, all of it or nothing, away when the world says so.

`SimulatedStore` and its transaction stand for `shared/store/store.py`, the functions below them for
`shared/messaging/outbox.py` and what the watch asks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from shared.engine.streams import WAITING
from shared.messaging.outbox import CLAIM, FIRST_RETRY, LAST_RETRY, Unsent
from shared.messaging.watch import PREDECESSOR_LATE
from shared.store.changes import Announced, Changes, Claim, Parking, Position, Snapshot, Stream
from shared.store.errors import Away, Collision
from shared.store.needs import Need
from shared.store.store import Kept
from tests.simulation.world import World

ONE_IN = 4  # commits is told to have failed, where the link to the database breaks
BEFORE_COMMIT, BEFORE_PUBLISH, BEFORE_CONFIRM, BEFORE_MARK, AFTER_MARK = PLACES = (
    "before commit", "before publish", "before confirm", "before mark", "after mark",
)  # fmt: skip


@dataclass
class Lying:
    """An event that no broker has confirmed."""

    event: Announced
    position: int
    claimed_until: datetime | None = None
    unroutable_at: datetime | None = None


@dataclass
class Parked:
    """A message in the parking table."""

    parking: Parking
    since: datetime


@dataclass
class Books:
    """Everything that one service has committed."""

    world: World
    now: Callable[[], datetime]
    rows: dict[type[Any], dict[Any, Any]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    cursors: dict[Stream, Position] = field(default_factory=dict)
    parked: dict[UUID, Parked] = field(default_factory=dict)
    references: dict[str, Snapshot] = field(default_factory=dict)
    outbox: list[Announced] = field(default_factory=list)
    unsent: dict[UUID, Lying] = field(default_factory=dict)
    streams: Counter[str] = field(default_factory=Counter)
    away: bool = False
    breaking: bool = False  # commits may take effect, or not, without anybody hearing of it
    _busy: Any = None

    def all(self, kind: type[Any]) -> list[Any]:
        """Every aggregate of a kind."""
        return list(self.rows.get(kind, {}).values())

    def announced(self, subject: str) -> list[Announced]:
        """This service's events about a subject, in their order."""
        return [one for one in self.outbox if one.subject == subject]

    def execute(self, _query: object) -> list[Any]:
        """What the watch counts for metrics only."""
        return []

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else has a transaction meanwhile. `Away` while the database is."""
        asking = self.world.current
        self.world.pause(lambda: self._busy is None or self._busy.ended)
        if self.away:
            raise Away("the database is away")
        self._busy = asking
        try:
            yield
        finally:
            if self._busy is asking:
                self._busy = None

    def commit(self, apply: Callable[[], None]) -> None:
        """Take effect; others may go on just before and just after, and a process may be killed there."""
        self.world.step(BEFORE_COMMIT)
        if self.away:
            raise Away("the database went away")
        lost = self.breaking and self.world.random.randrange(ONE_IN) == 0
        if lost and self.world.random.random() < 0.5:
            raise Away("the connection broke before the commit")
        apply()
        if lost:
            raise Away("the connection broke after the commit")
        self.world.step(BEFORE_PUBLISH)


class SimulatedDatabase:
    """Stands for `shared/store/database.py`; `books` holds what is committed."""

    books: Mapping[str, Books]

    def __init__(self, _url: str, service: str) -> None:
        self.own = self.books[service]
        self.reads = self

    @contextmanager
    def begin(self) -> Iterator[Books]:
        """A transaction of the sweep or the watch; a database's error while it is away."""
        try:
            with self.own.alone():
                self.own.world.step(BEFORE_MARK)
                yield self.own
                self.own.world.step(AFTER_MARK)
        except Away as away:
            raise OperationalError("", {}, Exception(str(away))) from None

    def close(self) -> None:
        """Nothing is open."""


class SimulatedStore:
    """Stands for `Store`."""

    def __init__(self, database: SimulatedDatabase, _service: str, *_tables: Any) -> None:
        self._books = database.own

    @contextmanager
    def transaction(self) -> Iterator["SimulatedTransaction"]:
        """One batch's."""
        with self._books.alone():
            transaction = SimulatedTransaction(self._books)
            yield transaction
            if transaction.apply is not None:
                self._books.commit(transaction.apply)


class SimulatedTransaction:
    """Stands for `Transaction`: what is written takes effect with the commit."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.numbered: list[Announced] = []
        self.apply: Callable[[], None] | None = None

    def recall(self, keys: Sequence[str]) -> dict[str, Claim]:
        """What these requests were answered before."""
        return {key: self.books.claims[key] for key in keys if key in self.books.claims}

    def follow(self, streams: Iterable[Stream]) -> dict[Stream, Position]:
        """How far these streams were followed."""
        return {one: self.books.cursors[one] for one in sorted(streams) if one in self.books.cursors}

    def kept(self, streams: Sequence[Stream]) -> list[Kept]:
        """What lies parked of these streams."""
        found = (one.parking for one in self.books.parked.values())
        kept = [Kept(one.id, one.state, one.reason, one.message) for one in found if one.message.sequence]
        wanted = [one for one in kept if (one.message.publisher, one.message.subject) in streams]
        return sorted(wanted, key=lambda one: (one.message.publisher, one.message.subject, one.message.sequence))

    def load(self, needs: Iterable[Need]) -> dict[type[Any], list[Any]]:
        """Every aggregate that is needed."""
        found: dict[type[Any], dict[Any, Any]] = {}
        for need in needs:
            value = need.value
            if need.through is not None:
                other = self.books.rows.get(need.through, {}).get(need.value)
                value = getattr(other, need.through_field) if other else None
            of_kind = found.setdefault(need.kind, {})
            for one in self.books.all(need.kind):
                if value is not None and getattr(one, need.field) == value:
                    of_kind[one.id] = one
        return {kind: [rows[id] for id in sorted(rows)] for kind, rows in found.items()}

    def versions(self) -> dict[str, int]:
        """Of each snapshot."""
        return {name: one.version for name, one in self.books.references.items()}

    def snapshots(self, names: Sequence[str]) -> list[Snapshot]:
        """These."""
        return [self.books.references[name] for name in names]

    def write(self, changes: Changes) -> list[Announced]:
        """To be done with the commit; the events come back numbered."""
        for kind, pairs in changes.changed.items():
            for _, before in pairs:
                if self.books.rows[kind][before.id] is not before:
                    raise Collision("a row was not as it was loaded")
        reached: Counter[str] = Counter()
        for event in changes.events:
            reached[event.subject] += 1
            sequence = self.books.streams[event.subject] + reached[event.subject]
            self.numbered.append(replace(event, sequence=sequence))
        self.apply = lambda: self._apply(changes)
        return self.numbered

    def _apply(self, changes: Changes) -> None:
        books, now = self.books, self.books.now()
        for kind, rows in changes.new.items():
            books.rows.setdefault(kind, {}).update({one.id: one for one in rows})
        for kind, pairs in changes.changed.items():
            books.rows[kind].update({one.id: one for one, _ in pairs})
        books.claims |= {claim.key: claim for claim in changes.claims}
        books.cursors |= {**changes.begun, **changes.moved}
        books.parked |= {parking.id: Parked(parking, now) for parking in changes.parked}
        for parking in changes.failed:
            books.parked[parking.id].parking = parking
        books.references |= changes.snapshots
        for id in changes.released:
            books.parked.pop(id, None)
        for id in changes.sent:
            books.unsent.pop(id, None)
        for event in self.numbered:
            books.streams[event.subject] = event.sequence
            books.outbox.append(event)
            books.unsent[event.id] = Lying(event, len(books.outbox))


# --- `shared/messaging/outbox.py`, and what the watch asks


def claim(books: Books, _plumbing: object, limit: int, upto: int | None, passing: Collection[UUID]) -> list[Announced]:
    """The oldest unsent events."""
    now = books.now()
    found: list[Announced] = []
    for id, one in sorted(books.unsent.items(), key=lambda item: item[1].position):
        free = one.claimed_until is None or one.claimed_until < now
        if free and id not in passing and (upto is None or one.position <= upto) and len(found) < limit:
            one.claimed_until = now + CLAIM
            found.append(one.event)
    return found


def newest(books: Books, _plumbing: object) -> int:
    """The greatest position of what is unsent."""
    return max((one.position for one in books.unsent.values()), default=0)


def mark_sent(books: Books, _plumbing: object, ids: Collection[UUID]) -> None:
    """Confirmed."""
    for id in ids:
        books.unsent.pop(id, None)


def mark_unroutable(books: Books, _plumbing: object, ids: Collection[UUID]) -> None:
    """No queue took them."""
    now = books.now()
    for id in set(ids).intersection(books.unsent):
        one = books.unsent[id]
        one.unroutable_at = one.unroutable_at or now
        one.claimed_until = now + min(max(now - one.unroutable_at, FIRST_RETRY), LAST_RETRY)


def announce_again(books: Books, _plumbing: object, subjects: Collection[str] | None) -> int:
    """Every event about these subjects goes out once more."""
    again = [(place, one) for place, one in enumerate(books.outbox, 1) if subjects is None or one.subject in subjects]
    for position, event in again:
        books.unsent.setdefault(event.id, Lying(event, position)).claimed_until = None
    return len(again)


def going_out(books: Books, _plumbing: object, subjects: Collection[str]) -> set[str]:
    """Those of which an event is on its way."""
    return {
        one.event.subject
        for one in books.unsent.values()
        if one.event.subject in subjects and one.unroutable_at is None
    }


def look_at_unsent(books: Books, _plumbing: object) -> Unsent:
    """How many, since when, and how many no queue took."""
    lying = books.unsent.values()
    oldest = min((one.event.time for one in lying), default=None)
    return Unsent(len(lying), oldest, sum(one.unroutable_at is not None for one in lying))


def flag_waiting(books: Books, _plumbing: object) -> list[Any]:
    """Park what has waited too long for an earlier message."""
    late = books.now() - PREDECESSOR_LATE
    for id, one in books.parked.items():
        if one.parking.state == WAITING and one.since < late:
            parking = one.parking._replace(state="parked", reason="predecessor-missing")
            books.parked[id] = Parked(parking, one.since)
    return []


def remove_nothing(_books: Books, **_options: object) -> int:
    """No simulated history is long enough."""
    return 0
