"""What befalls the system. Each fault is done and undone; it counts only if somebody was waiting for an answer then."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import amqp
from typer.testing import CliRunner

from shared.messaging.declare import declare
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.relay import PERSISTENT
from shared.messaging.topology import EXCHANGE, FOLLOWS, dead_letter_queue, queue_name
from shared.messaging.wire import LOST, Wire, connect
from shared.runtime.faults import PLACES
from tests.faults.cluster import Cluster, Node
from tests.faults.field import BEHIND, Field
from tests.faults.load import Load
from tests.support.eventually import eventually
from tools.whistle import app

IN_FLIGHT_WITHIN = 20.0  # seconds: else the fault is done all the same, and does not count
STOPPED_WITHIN = 30.0  # seconds: TimeoutStopSec of deploy/systemd
TAKEN_WITHIN = 30.0  # seconds in which somebody comes to the place where they are to die
FROZEN, CUT_OFF, FULL, SLOW, JUMPED, UNBOUND = 3.0, 8.0, 4.0, 8.0, 2.0, 2.0  # seconds
TALKATIVE = ("intake", "dispatch", "closure")  # they announce much
QUEUES = tuple(
    queue_name(service, publisher) for service in BEHIND for publisher in FOLLOWS[service] if publisher in BEHIND
)

Fault = Callable[[], None]


class Struck(NamedTuple):
    """One fault that was done (monotonic seconds); `counts` if commands were in flight."""

    kind: str
    began: float
    ended: float
    counts: bool


class Nemesis:
    """Does faults to a field while a load is on it. `random` decides where; `poisons` is how many messages it sent that
    nobody can read; `stuck` are the processes that had to be killed as they did not end when they were told to.
    """

    def __init__(self, town: Field, load: Load, random: Random, say: Callable[[str], None]) -> None:
        self.struck: list[Struck] = []
        self.poisons = 0
        self.stuck: list[str] = []
        self._town = town
        self._load = load
        self._random = random
        self._say = say

    def strike(self, kind: str, fault: Fault) -> Struck:
        """Do it when somebody waits for an answer, and return when it is over."""
        with suppress(AssertionError):
            eventually(lambda: self._load.asking > 0, IN_FLIGHT_WITHIN, "commands are in flight", 0.002)
        began, counts = time.monotonic(), self._load.asking > 0
        fault()
        self.struck.append(Struck(kind, began, time.monotonic(), counts))
        self._say(f"{kind}: {self.struck[-1].ended - began:.1f} s, {self._load.ended} cases ended")
        return self.struck[-1]

    def faults(self) -> Mapping[str, Fault]:
        """Every kind that one system with one broker can bear."""
        kills = {f"kill {service}": partial(self._kill, service) for service in (*BEHIND, "gateway")}
        places = {f"die {place}": partial(self.die_at, place, TALKATIVE) for place in PLACES}
        return {
            **kills,
            **places,
            **(
                self._of_a_cluster(self._town.cluster) if self._town.cluster else {"kill the broker": self._kill_broker}
            ),
            **({"fill the disk": partial(self._fill, self._town.disk)} if self._town.disk else {}),
            "kill the database": self._kill_database,
            "freeze a service": self._freeze,
            "slow consumers": self._slow_down,
            "restart everything": self._restart,
            "jump of the clock": self._jump,
            "poison": self._poison,
            "delete a queue": self._delete_queue,
            "delete dead letters": self._delete_dead_letters,
            "unbind a queue": self._unbind,
        }

    def _of_a_cluster(self, cluster: Cluster) -> Mapping[str, Fault]:
        return {
            "kill the leader": lambda: self._kill_node(cluster.leader(self._random.choice(QUEUES))),
            "kill a follower": lambda: self._kill_node(cluster.follower(self._random.choice(QUEUES))),
            "cut off a node": lambda: self._cut_off(cluster, self._random.choice(cluster.nodes)),
        }

    def _kill(self, service: str) -> None:
        name = self._random.choice(self._town.replicas(service))
        before = self._town.pid(name)
        self._town.send(name, signal.SIGKILL)
        self._again(name, before)

    def _again(self, name: str, before: int) -> None:
        """Wait until it was started again; whoever does not end in time is killed, as systemd would do."""
        try:
            eventually(lambda: self._town.pid(name) != before, STOPPED_WITHIN, f"{name} is started again", 0.02)
        except AssertionError:
            self.stuck.append(name)
            self._say(f"{name} did not end within {STOPPED_WITHIN:.0f} s:\n{self._town.last_words(name)}")
            self._town.send(name, signal.SIGKILL)
            eventually(lambda: self._town.pid(name) != before, STOPPED_WITHIN, f"{name} is started again", 0.02)
        self._town.serves(name)

    def die_at(self, place: str, services: Sequence[str]) -> None:
        """Whichever replica of one of these services comes first to this place on an event's way."""
        service = self._random.choice(services)
        wanted = self._town.faults / f"{service}.{place}"
        wanted.touch()
        try:
            eventually(lambda: not wanted.exists(), TAKEN_WITHIN, f"{service} dies {place}", 0.02)
        finally:
            wanted.unlink(missing_ok=True)
        self._town.serves(*self._town.replicas(service))

    def _kill_node(self, node: Node) -> None:
        node.kill()
        node.start()

    def _cut_off(self, cluster: Cluster, node: Node) -> None:
        cluster.cut_off(node)
        time.sleep(CUT_OFF)
        cluster.join(node)
        eventually(lambda: _takes(node.url), 60, f"{node.name} takes connections again", 0.5)

    def _fill(self, disk: Path) -> None:
        """No room is left for PostgreSQL; then there is again. If it ended for want of room, somebody starts it."""
        postgres = self._town.system.postgres
        assert postgres is not None
        with full(disk):
            time.sleep(FULL)
        postgres.start()

    def _slow_down(self) -> None:
        """Both replicas of a service work a fifth of the time, while twice as many cases come in."""
        names = self._town.replicas(self._random.choice(BEHIND))
        with self._load.faster(2):
            until = time.monotonic() + SLOW
            while time.monotonic() < until:
                for what, pause in ((signal.SIGSTOP, 0.4), (signal.SIGCONT, 0.1)):
                    for name in names:
                        with suppress(ProcessLookupError):
                            self._town.send(name, what)
                    time.sleep(pause)

    def _restart(self) -> None:
        """Every process, one after the other, told to end in good order."""
        for name in self._town.processes:
            before = self._town.pid(name)
            self._town.send(name, signal.SIGTERM)
            self._again(name, before)

    def _jump(self) -> None:
        """Supervision's clock is three days ahead, then three days behind, then right."""
        said = self._town.faults / "supervision.clock"
        for days in (3, -3, 0):
            said.with_suffix(".new").write_text(str(days * 86_400))
            said.with_suffix(".new").rename(said)
            time.sleep(JUMPED)

    def _delete_queue(self) -> None:
        """With all that lies in it. Its subscriber makes it again; the operator lets the publisher announce again."""
        queue = self._random.choice(QUEUES)
        with self._wire() as wire:
            wire.channel.queue_delete(queue)
        eventually(lambda: self._consumed(queue), 60, f"{queue} is there again", 0.2)
        self._announce_again(queue)

    def _delete_dead_letters(self) -> None:
        queue = dead_letter_queue(self._random.choice([one for one in BEHIND if FOLLOWS[one]]))
        with self._wire() as wire:
            wire.channel.queue_delete(queue)
        eventually(lambda: self._consumed(queue), 60, f"{queue} is there again", 0.2)

    def _unbind(self) -> None:
        """Nothing more comes into the queue, until somebody declares it anew; then the publisher announces again."""
        queue = self._random.choice(QUEUES)
        with self._wire() as wire:
            wire.channel.queue_unbind(queue, EXCHANGE, f"{queue.rpartition('.')[2]}.#")
            time.sleep(UNBOUND)
            declare(wire.channel)
        self._announce_again(queue)

    def _announce_again(self, queue: str) -> None:
        """`whistle announce` of whom the queue follows."""
        environment = {"AMQP_URL": self._town.system.amqp_url, "DATABASE_URL": self._town.system.database_url}
        done = CliRunner().invoke(app, ["announce", queue.rpartition(".")[2]], env=environment)
        if done.exit_code:
            raise RuntimeError(done.output)

    def _consumed(self, queue: str) -> bool:
        with suppress(*LOST), self._wire() as wire:
            return bool(wire.channel.queue_declare(queue, passive=True).consumer_count)
        return False

    @contextmanager
    def _wire(self) -> Iterator[Wire]:
        wire = connect(self._town.system.amqp_url, "nemesis")
        try:
            yield wire
        finally:
            wire.close()

    def _kill_broker(self) -> None:
        broker = self._town.system.broker
        assert broker is not None
        broker.kill()
        broker.start()

    def _kill_database(self) -> None:
        postgres = self._town.system.postgres
        assert postgres is not None
        postgres.kill()
        postgres.start()

    def _freeze(self) -> None:
        pid = self._town.pid(self._random.choice(self._town.processes))
        os.kill(pid, signal.SIGSTOP)
        time.sleep(FROZEN)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def _poison(self) -> None:
        """Into every queue."""
        with self._wire() as wire:
            for queue in QUEUES:
                self.poisons += 1
                body = b"\x00 poison %d" % self.poisons
                message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=PERSISTENT)
                wire.channel.basic_publish_confirm(message, "", queue)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Nothing can be written to this disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as filling, suppress(OSError):
        os.posix_fallocate(filling.fileno(), 0, shutil.disk_usage(disk).free)  # at once; what is left by writing
        filling.seek(0, os.SEEK_END)
        while filling.write(bytes(1_000_000)):
            pass
    yield
    ballast.unlink()


def _takes(url: str) -> bool:
    with suppress(*LOST):
        Wire(url, "nemesis").close()
        return True
    return False
