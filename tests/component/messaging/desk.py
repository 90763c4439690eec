"""A subscriber made of the real engine, waiting line and subscription, whose only command the test can break."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from msgspec import Struct

from shared.contracts.intake import CaseSubmittedV1
from shared.engine.batch import Rules
from shared.engine.engine import Engine
from shared.engine.gather import Gatherer
from shared.engine.handlers import Handler
from shared.engine.reference import References
from shared.engine.work import NOTHING, Context, Loaded, Needs, Outcome
from shared.messaging.reading import Reader
from shared.messaging.subscription import Subscription
from shared.runtime.clock import now
from shared.store.database import Database
from shared.store.store import Store
from tests.component.messaging.bench import Books, running
from tests.support.eventually import eventually


class Note(Struct, frozen=True):
    """Note that a case was submitted."""

    case_id: UUID
    kind: str


@dataclass
class Desk:
    """What dispatch notes; `broken` names the kinds that its command cannot stand."""

    noted: list[tuple[UUID, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def needs(self, _command: Any) -> Needs:
        """Nothing."""
        return iter(())

    def decide(self, command: Any, _loaded: Loaded, _context: Context) -> Outcome:
        """Note it, or fail."""
        if command.kind in self.broken:
            raise RuntimeError(f"cannot stand {command.kind}")
        self.noted.append((command.case_id, command.kind))
        return NOTHING

    @property
    def kinds(self) -> list[str]:
        """What was noted, in order."""
        return [kind for _, kind in self.noted]


@contextmanager
def at_work(url: str, books: Books, desk: Desk) -> Iterator[Subscription]:
    """Dispatch receives and carries out until the end."""
    database = Database(books.engine.url.render_as_string(hide_password=False), "dispatch", as_role=False)
    reader = Reader({CaseSubmittedV1: lambda event, _at: Note(event.case_id, event.kind)})
    rules = Rules("dispatch", {Note: Handler(desk.needs, desk.decide)}, lambda *_: None, reader.read, References())
    engine = Engine(Store(database, "dispatch", {}), rules, now, lambda _events: None)
    wake: list[Callable[[], None]] = []
    subscription = Subscription(url, "dispatch", reader, lambda: wake[0]())
    gatherer = Gatherer(engine, subscription)
    wake.append(gatherer.wake)
    with running(gatherer, subscription):
        eventually(lambda: subscription.line.away_since is None, what="the subscription is connected")
        yield subscription
    database.close()
