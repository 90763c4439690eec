"""One service put together: its engine between both doors and the relay, its reads, its health.

`Wiring` says what a service consists of; `Room` builds it and lives in the nameko service class as `room`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy.exc import DBAPIError

from shared.access.policy import permit
from shared.engine.batch import Rules
from shared.engine.engine import Engine
from shared.engine.gather import LINGER_FOR_MESSAGES, Gatherer
from shared.engine.handlers import handlers_in
from shared.engine.reference import References
from shared.engine.works import Message, Result, Trace, Work
from shared.messaging.reading import Reader
from shared.messaging.relay import Relay
from shared.messaging.subscription import Subscription, followers_of
from shared.messaging.sweep import Sweep
from shared.messaging.topology import FOLLOWS
from shared.messaging.watch import Unconfirmed, Watch
from shared.runtime import clock
from shared.runtime.health import Health, Weight
from shared.runtime.settings import Settings, load_settings
from shared.store.database import Database
from shared.store.files import Files
from shared.store.listening import Listening
from shared.store.plumbing import Plumbing
from shared.store.removal import Removal
from shared.store.store import Store
from shared.web.orphans import Named, Orphans


class Loop(Protocol):
    """Work that a service does by itself beside its doors: `run` until `stop`."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a service consists of.

    `aggregates` are in the order in which their rows are locked; `commands` is the package whose modules are the
    commands; `references` names the snapshots that it keeps; `unconfirmed` gives the subjects whose announcement nobody
    has confirmed, and since when; `named_files` tells which files its rows name, so that the others can go. `tally` is
    the table of sums that commands add to, `listing` what they list and in which table; `loops` are what it does by
    itself, such as timers; `removals` remove what it keeps for a time only; `linger` is how many seconds its messages
    wait for company while many come; `channel` is where its database tells what is committed.
    """

    name: str
    metadata: MetaData
    plumbing: Plumbing
    aggregates: Mapping[type[Any], Table]
    commands: ModuleType
    references: tuple[str, ...] = ()
    unconfirmed: Callable[[Connection, datetime], list[Unconfirmed]] | None = None
    named_files: Named | None = None
    tally: Table | None = None
    listing: tuple[type[Any], Table] | None = None
    loops: Callable[["Room"], Mapping[str, Loop]] = lambda _room: {}
    removals: tuple[Removal, ...] = ()
    linger: float = LINGER_FOR_MESSAGES
    channel: str = ""


def build_engine(
    wiring: Wiring,
    database: Database,
    read: Callable[[Message], Work],
    relay: Relay | None = None,
) -> Engine:
    """A service's engine on its database; without a relay its events wait in the outbox for the service's own sweep."""
    rules = Rules(wiring.name, handlers_in(wiring.commands), permit, read, References())
    store = Store(database, wiring.name, wiring.aggregates, wiring.tally, wiring.listing)
    if relay is None:
        return Engine(store, rules, clock.now, lambda _events: None)
    return Engine(store, rules, clock.now, relay.publish, relay.sent)


class Room(DependencyProvider):
    """A service's inside, as its methods use it: `submit`, `carry_out`, `read`, `live`, `files`, `health`."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__()
        self.wiring = wiring

    @cached_property
    def settings(self) -> Settings:
        """What the environment says."""
        return load_settings(self.wiring.name)

    @cached_property
    def files(self) -> Files:
        """Where this service's attachments or evidence lie."""
        return Files(f"{self.settings.files}/{self.wiring.name}")

    @cached_property
    def live(self) -> Listening:
        """What its database tells."""
        return Listening(self.database, self.wiring.channel)

    def setup(self) -> None:
        """Build everything; nothing is connected yet, so that a service can start before its broker and database."""
        wiring, settings = self.wiring, self.settings
        self.database = Database(settings.database_url, wiring.name)
        self.relay = Relay(settings.amqp_url, wiring.name)
        reader = Reader(followers_of(self.container.service_cls), wiring.references)
        self.engine = build_engine(wiring, self.database, reader.read, self.relay)
        self.subscription: Subscription | None = None
        if FOLLOWS[wiring.name]:
            self.subscription = Subscription(settings.amqp_url, wiring.name, reader, lambda: self.gatherer.wake())
        self.gatherer = Gatherer(self.engine, self.subscription, linger=wiring.linger)
        self.sweep = Sweep(self.database.reads, wiring.plumbing, self.relay, removals=wiring.removals)
        self.orphans = Orphans(self.files, self.database.reads, wiring.named_files) if wiring.named_files else None
        self.watch = Watch(
            self.database.reads,
            wiring.plumbing,
            wiring.unconfirmed,
            ready=lambda: self.relay.line.away_since is None,
            doubt=self.relay.doubt,
        )

    def start(self) -> None:
        """Begin to work."""
        self._working = self.container.spawn_managed_thread(self.gatherer.run, identifier="engine")
        parts = {"relay": self.relay.run, "sweep": self.sweep.run, "watch": self.watch.run}
        if self.subscription:
            parts["subscription"] = self.subscription.run
        self._loops = self.wiring.loops(self)
        parts |= {name: loop.run for name, loop in self._loops.items()}
        if self.orphans:
            parts["orphans"] = self.orphans.run
        if self.wiring.channel:
            parts["live"] = self.live.run
        self._threads = [self.container.spawn_managed_thread(run, identifier=name) for name, run in parts.items()]

    def stop(self) -> None:
        """Finish what was begun, announce it, and go; the door for requests is closed already."""
        if self.subscription:
            self.subscription.drain()
        for loop in self._loops.values():
            loop.stop()
        self.gatherer.stop()
        self._working.wait()
        self.watch.stop()
        self.sweep.stop()
        if self.orphans:
            self.orphans.stop()
        if self.wiring.channel:
            self.live.stop()
        if self.subscription:
            self.subscription.stop()
        self.relay.stop()
        for thread in self._threads:
            thread.wait()
        with suppress(DBAPIError):  # what is not marked is announced again, harmlessly
            self.sweep.mark()
        self.database.close()

    def get_dependency(self, _context: Any) -> "Room":
        """Nameko: what the service class finds under `room`."""
        return self

    def submit(self, work: Work) -> Result:
        """Carry out a work with what else is waiting, and give its result; `Unavailable` if that is impossible now."""
        return self.gatherer.submit(work)

    def carry_out(self, command: Any, trace: Trace = Trace()) -> Any:  # noqa: B008 - frozen and empty
        """Carry out a command that is no request of its own; its result, or its refusal raised."""
        result = self.submit(Work(clock.uuid7(), command, trace=trace))
        if result.error is not None:
            raise result.error
        if result.ending == "failed":
            raise RuntimeError(f"{type(command).__name__} failed") from result.value
        return result.value

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries; `Unavailable` while the database is away."""
        with self.database.read() as connection:
            yield connection

    def health(self) -> Health:
        """How this service is: without its database it is not ready; without its broker it takes work all the same."""
        health = self._health
        if reason := self.gatherer.breaker.reason:
            health.bad("database", reason)
        else:
            self._look_at_database(health)
        self._look_at_broker(health)
        if self.wiring.channel:
            self._look_at_live(health)
        return health

    @cached_property
    def _health(self) -> Health:
        return Health()

    def _look_at_broker(self, health: Health) -> None:
        """Whether it lets the service announce, and follow others."""
        lines = [part.line for part in (self.relay, self.subscription) if part]
        if away := [line.reason for line in lines if line.away_since is not None]:
            health.bad("broker", away[0], Weight.ABSORBED)
        elif self.relay.blocked:
            health.bad("broker", "it takes nothing: its memory or disk is full", Weight.ABSORBED)
        else:
            health.good("broker", Weight.ABSORBED)

    def _look_at_live(self, health: Health) -> None:
        """Whether it hears what is committed, if somebody wants to know."""
        if self.live.away_since is None:
            health.good("live", Weight.ABSORBED)
        else:
            health.bad("live", self.live.reason, Weight.ABSORBED)

    def _look_at_database(self, health: Health) -> None:
        """Whether it answers, and whether the snapshots that commands ask for have arrived."""
        reference = self.wiring.plumbing.reference
        try:
            with self.database.reads.connect() as connection:
                present = set(connection.scalars(select(reference.c.name)))
        except DBAPIError as error:
            health.bad("database", str(error.orig).splitlines()[0])
            return
        health.good("database")
        if missing := sorted(set(self.wiring.references) - present):
            health.bad("references", f"not arrived: {', '.join(missing)}")
        elif self.wiring.references:
            health.good("references")
