"""What the three peers have in common: schemas, queues, a worker for each service, and an end without remains."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar, Self

import amqp
import psutil
from sqlalchemy.engine import make_url

from tests.bench.contest import Call, Contestant
from tests.bench.peers.messages import LISTENING
from tests.bench.peers.tables import SERVICES, drop_schemas, make_schemas
from tests.support.eventually import eventually
from tools.child import Child, ProgramFailed, environment

PATIENCE = 90.0  # seconds until a start counts as failed

Submit = Callable[[Sequence[Call]], None]


class Peer(Contestant):
    """A framework's way to do the job. Its workers learn from their environment which service they are, and where.

    No module that a worker of one peer loads may load the framework of another.
    """

    exchanges: ClassVar[Sequence[str]]  # that it makes
    unheard: ClassVar[Sequence[str]] = ()  # queues that it makes beside those it listens to

    def __init__(self, amqp_url: str, database_url: str, directory: Path) -> None:
        super().__init__(amqp_url, database_url, directory)
        self._workers: dict[str, Child] = {}

    def __enter__(self) -> Self:
        with ExitStack() as started:
            started.callback(drop_schemas, self.database_url, self.name)
            make_schemas(self.database_url, self.name)
            started.callback(self._remove_queues)
            started.callback(self._stop_workers)
            self._workers = {service: self._start_worker(service) for service in SERVICES}
            self._wait_until_they_listen()
            self._submit = started.enter_context(self._client())
            self._started = started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    def pids(self) -> Mapping[str, Sequence[int]]:
        return {service: [process.pid for process in _family(worker.pid)] for service, worker in self._workers.items()}

    def submit(self, calls: Sequence[Call]) -> None:
        self._submit(calls)

    def queues(self) -> list[str]:
        """All queues it listens to: one for each service and what that listens for."""
        return [f"{self.name}.{service}.{event}" for service, events in LISTENING.items() for event in events]

    @abstractmethod
    def _command(self, service: str) -> Sequence[str]:
        """How to start this service's worker."""

    @abstractmethod
    def _client(self) -> AbstractContextManager[Submit]:
        """A client with a connection of its own, which lasts as long as the context: what submits."""

    def _start_worker(self, service: str) -> Child:
        env = environment(AMQP_URL=self.amqp_url, DATABASE_URL=self.database_url, SERVICE=service)
        return Child(self._command(service), env=env, log=self.directory / f"{self.name}-{service}.log")

    def _stop_workers(self) -> None:
        families = [process for worker in self._workers.values() for process in _family(worker.pid)]
        for worker in self._workers.values():
            worker.ask_to_end()
        for worker in self._workers.values():
            worker.stop()
        for orphan in psutil.wait_procs(families, timeout=5)[1]:
            orphan.kill()

    def _wait_until_they_listen(self) -> None:
        def listen() -> bool:
            for service, worker in self._workers.items():
                if not worker.running:
                    raise ProgramFailed(f"{self.name}'s {service} does not listen:\n{worker.last_words()}")
            return all(_has_consumer(connection, queue) for queue in self.queues())

        with self._connect() as connection:
            eventually(listen, PATIENCE, f"{self.name}'s workers listen", 0.2)

    def _remove_queues(self) -> None:
        with self._connect() as connection, connection.channel() as channel:
            for queue in (*self.queues(), *self.unheard):
                channel.queue_delete(queue)
            for exchange in self.exchanges:
                channel.exchange_delete(exchange)

    def _connect(self) -> Any:
        url = make_url(self.amqp_url)
        return amqp.Connection(
            f"{url.host}:{url.port or 5672}", url.username, url.password, virtual_host=url.database or "/"
        )


def _has_consumer(connection: Any, queue: str) -> bool:
    """Asked on a channel of its own, because asking for what does not exist closes it."""
    with suppress(amqp.NotFound), connection.channel() as channel:
        return bool(channel.queue_declare(queue, passive=True).consumer_count)
    return False


def _family(pid: int) -> list[psutil.Process]:
    try:
        worker = psutil.Process(pid)
        return [worker, *worker.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
