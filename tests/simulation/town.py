"""The simulated town: two replicas of each service over one broker and six databases, and what may befall them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from services.directory.town import to_snapshots
from shared.messaging.topology import FOLLOWS, queue_name
from shared.runtime import clock
from shared.store.changes import Snapshot
from tests.simulation.books import Books
from tests.simulation.broker import Broker
from tests.simulation.people import TOWN, Everybody
from tests.simulation.process import SERVICES, Process, simulated
from tests.simulation.world import World

REPLICAS = 2
SNAPSHOTS = to_snapshots(TOWN)
QUEUES = [
    queue_name(service, publisher) for service in SERVICES for publisher in FOLLOWS[service] if publisher in SERVICES
]


class Simulation:
    """A world with everything in it."""

    def __init__(self, world: World, broker: Broker, books: dict[str, Books]) -> None:
        self.world = world
        self.broker = broker
        self.books = books
        self.processes = [Process(world, service, number) for service in SERVICES for number in range(REPLICAS)]
        self.people = Everybody(world, books, self._replicas)
        self.poisons: Counter[str] = Counter()  # what was put into a service's queues that nobody can read

    def _replicas(self, service: str) -> list[Process]:
        return [one for one in self.processes if one.service == service and one.up]

    def draw(self, seed: int) -> None:
        """From here on chance follows this seed."""
        self.world.random = Random(seed)

    def poison(self, queue: str) -> None:
        """A message that no version can read lies in this queue."""
        service = queue.partition(".")[0]
        self.poisons[service] += 1
        self.broker.publish("", queue, b"poison %d" % self.poisons[service], {})

    def start(self) -> None:
        """Whatever does not run."""
        for process in self.processes:
            if process.stopped:
                process.start()

    def heal(self) -> None:
        """Everything is there again and stays."""
        self.broker.rise()
        for books in self.books.values():
            books.away = books.breaking = False
        for process in self.processes:
            if not process.up:
                self.world.pass_time(30.0, lambda process=process: process.stopped)  # type: ignore[misc]  # binds this round's
        self.start()

    @property
    def waiting(self) -> str:
        """What is not over yet; empty when everything has come to its end."""
        for life in self.people.lives:
            if not life.over:
                return f"case {life.number} waits: {life.waits}"
        for service, books in self.books.items():
            if books.unsent:
                return f"{service} has {len(books.unsent)} unsent"
            if waits := [one for one in books.parked.values() if one.parking.state == "waiting"]:
                return f"{service} has {len(waits)} waiting for an earlier one"
        return f"{unsettled} messages are unsettled" if (unsettled := self.broker.unsettled()) else ""


@contextmanager
def simulation() -> Iterator[Simulation]:
    """A new one, with every replica started."""
    world = World()
    broker = Broker(world)
    books = {service: Books(world, clock.now) for service in SERVICES}
    for service, own in books.items():
        wanted = SERVICES[service].room.wiring.references
        own.references = {name: Snapshot(name, 1, SNAPSHOTS[name]) for name in wanted}
    world.movers.append(broker)
    with simulated(world, broker, books):
        built = Simulation(world, broker, books)
        built.start()
        yield built
        for process in built.processes:
            process.kill()
        world.kill(None)
