"""One replica of a service: its own `Room`, with a simulated database and broker below it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from random import Random
from threading import Lock
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection

import shared.service
from services.closure.service import ClosureService
from services.dispatch.domain.assignment import ENDED, Assignment
from services.dispatch.service import DispatchService
from services.enforcement.service import EnforcementService
from services.intake.domain.case import Case
from services.intake.domain.progress import Progress
from services.intake.domain.transitions import State
from services.intake.service import IntakeService
from services.notice.service import NoticeService
from services.supervision.service import SupervisionService
from shared.engine import engine, gather, reference
from shared.engine.works import Result, Work
from shared.errors import Unavailable
from shared.messaging import line, parking, relay, subscription, sweep, watch
from shared.messaging.watch import LATE_AFTER, Unconfirmed
from shared.runtime import clock, log
from shared.runtime.settings import Settings
from shared.service import Room, Wiring
from shared.store import listening
from tests.simulation import books
from tests.simulation.books import Books, SimulatedDatabase, SimulatedStore
from tests.simulation.broker import Bell, Broker, SimulatedWire
from tests.simulation.world import Clock, Event, Fiber, World

SERVICES: Mapping[str, type[Any]] = {
    one.name: one
    for one in (IntakeService, DispatchService, EnforcementService, ClosureService, SupervisionService, NoticeService)
}


class Quiet:
    """Stands for the logger."""

    def error(self, _event: str, **_facts: Any) -> None:
        """Passed over."""

    exception = warning = info = debug = error


class Process:
    """A replica that runs until it is killed or told to stop."""

    def __init__(self, world: World, service: str, number: int) -> None:
        self.service = service
        self.name = f"{service}-{number}"
        self.up = False
        self._world = world

    def start(self) -> None:
        """As a process starts."""
        service = SERVICES[self.service]
        self.room = Room(_simulated(service.room.wiring))
        self.room.__dict__["settings"] = Settings(service=self.service, amqp_url="amqp://simulated")
        self.room.container = SimpleNamespace(service_cls=service, spawn_managed_thread=self._spawn)
        self.up = True
        self.room.setup()
        self.room.start()

    def kill(self) -> None:
        """`kill -9`."""
        self.up = False
        self._world.kill(self)

    def stop(self) -> None:
        """SIGTERM: its door closes, and it goes in good order."""
        self.up = False
        self._spawn(self.room.stop, "stop")

    @property
    def stopped(self) -> bool:
        """Whether nothing of it runs."""
        return not any(fiber.home is self for fiber in self._world.fibers)

    def ask(self, work: Work, answer: Callable[[Result], None]) -> Fiber:
        """A request comes in by its door; the answer goes out, if the process lives to give one."""

        def take() -> None:
            with suppress(Unavailable):
                answer(self.room.submit(work))

        return self._spawn(take, "request")

    def _spawn(self, run: Callable[[], Any], identifier: str) -> Fiber:
        return self._world.spawn(f"{self.name} {identifier}", run, self)


def _simulated(wiring: Wiring) -> Wiring:
    """Without files and loops of their own, and with what its own query asks for of the simulated store."""
    late = {"intake": _unconfirmed_whistles, "dispatch": _undelivered_summonses}.get(wiring.name)
    return replace(wiring, named_files=None, loops=lambda _room: {}, removals=(), unconfirmed=late)


def _unconfirmed_whistles(connection: Connection, now: datetime) -> list[Unconfirmed]:
    """`services/intake/store/queries.py`'s `unconfirmed`."""
    asked: Any = connection
    found = [Unconfirmed(str(one.id), one.whistled_at) for one in asked.all(Progress) if one.confirmed_at is None]
    found += [Unconfirmed(str(one.id), one.withdrawal.at) for one in asked.all(Case) if one.state is State.WITHDRAWING]
    return [one for one in found if one.since <= now - LATE_AFTER]


def _undelivered_summonses(connection: Connection, now: datetime) -> list[Unconfirmed]:
    """`services/dispatch/store/queries.py`'s `unconfirmed`."""
    asked: Any = connection
    return [
        Unconfirmed(str(one.case_id), one.clock_from)
        for one in asked.all(Assignment)
        if one.delivered_at is None and one.state not in ENDED and one.clock_from <= now - LATE_AFTER
    ]


@contextmanager
def simulated(world: World, broker: Broker, kept: Mapping[str, Books]) -> Iterator[None]:
    """The real parts meet this world where they would meet threads, the time, the broker and the database."""
    now = Clock(world)
    threads = SimpleNamespace(Event=Event, Lock=Lock)
    draws = SimpleNamespace(urandom=lambda size: world.random.randbytes(size))
    Event.world = SimulatedWire.world = world
    SimulatedWire.broker = broker
    SimulatedDatabase.books = kept
    stands: dict[Any, dict[str, Any]] = {
        clock: {"time": now, "datetime": now, "os": draws},
        log: {"get": Quiet},
        shared.service: {"Database": SimulatedDatabase, "Store": SimulatedStore},
        engine: {"time": now, "random": Random(0)},
        gather: {"time": now, "threading": threads},
        reference: {"time": now},
        line: {"time": now, "threading": threads, "Wire": SimulatedWire, "Bell": Bell},
        listening: {"threading": threads},
        parking: {"connect": SimulatedWire},
        relay: {"time": now, "threading": threads},
        subscription: {"time": now, "threading": threads},
        sweep: {"time": now, "threading": threads, "outbox": _OUTBOX},
        watch: {"time": now, "threading": threads, **_WATCHED},
    }
    with ExitStack() as patched:
        for module, names in stands.items():
            for name, stand in names.items():
                patched.enter_context(patch.object(module, name, stand))
        for part in (relay.Relay, watch.Watch):
            usual: Any = part.__init__.__kwdefaults__
            patched.enter_context(patch.dict(usual, timer=now.monotonic))
        yield


_OUTBOX = SimpleNamespace(
    claim=books.claim,
    newest=books.newest,
    mark_sent=books.mark_sent,
    mark_unroutable=books.mark_unroutable,
    remove_sent=books.remove_nothing,
    remove_answers=books.remove_nothing,
)
_WATCHED = {
    "announce_again": books.announce_again,
    "going_out": books.going_out,
    "look_at_unsent": books.look_at_unsent,
    "flag_waiting": books.flag_waiting,
}
