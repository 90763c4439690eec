"""The limit: the summons job written by hand, with no framework and nothing of the engine, and as durable.

What any system would have to spend on it on these servers, give or take; everything else is measured against it.
"""

import sys
import threading
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from tests.bench.contest import Call, Contestant
from tests.bench.latency import paced
from tests.bench.limit import broker, database
from tests.bench.limit.hotline import Hotline
from tests.bench.limit.services import NOTICE, SERVICES
from tests.support.eventually import eventually
from tools.child import Child, ProgramFailed, environment

PATIENCE = 30.0  # seconds until the three take messages


class Limit(Contestant):
    """The three processes."""

    name: ClassVar[str] = "limit"
    inbox: ClassVar[str] = f"{NOTICE.schema}.summons"

    _children: dict[str, Child]

    def __enter__(self) -> Self:
        self._children = {}
        try:
            database.create(self.database_url)
            broker.declare(self.amqp_url)
            for name in SERVICES:
                self.start(name)
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def pids(self) -> Mapping[str, Sequence[int]]:
        return {name: [child.pid] for name, child in self._children.items()}

    def submit(self, calls: Sequence[Call]) -> None:
        with Hotline(self.amqp_url) as hotline:
            hotline.send(calls)

    def submit_paced(self, some: Sequence[Call]) -> list[float]:
        """Hand these over at the fixed rate; the times at which each was."""
        one_at_a_time = threading.Lock()
        with Hotline(self.amqp_url) as hotline:

            def submit(number: int) -> None:
                with one_at_a_time:
                    hotline.send([some[number]])

            return paced(len(some), submit)

    def start(self, name: str) -> None:
        """Start one of the three, as after its end."""
        argv = [sys.executable, "-m", "tests.bench.limit.process", name]
        env = environment(AMQP_URL=self.amqp_url, DATABASE_URL=self.database_url)
        self._children[name] = Child(argv, env=env, log=self.directory / f"limit-{name}.log")

    def _wait(self) -> None:
        def followed() -> bool:
            for name, child in self._children.items():
                if not child.running:
                    raise ProgramFailed(f"the limit's {name} has ended:\n{child.last_words()}")
            return broker.are_followed(self.amqp_url)

        eventually(followed, PATIENCE, "every queue of the limit is followed", 0.1)

    def _end(self) -> None:
        for child in self._children.values():
            child.ask_to_end()
        for child in self._children.values():
            child.stop()
        broker.remove(self.amqp_url)
        database.remove(self.database_url)
