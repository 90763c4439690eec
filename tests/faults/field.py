"""The system that things befall: its servers, one or two replicas of each service, and every door that leads in."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from shared.messaging.topology import FOLLOWS
from tests.faults.cluster import Cluster
from tests.support.eventually import eventually
from tools import supervisor
from tools.child import Child, environment, last_lines
from tools.supervisor import Program, Supervisor
from tools.system import SERVICES, System

BEHIND = tuple(name for name in SERVICES if name != "gateway")
PATIENCE = 90.0  # seconds until something serves again
DISK_BYTES = 3_000_000_000


class Mutated(System):
    """A system in whose services a guarantee is broken (`mutated.py`)."""

    def __init__(self, directory: Path, mutation: str, env: dict[str, str], say: Callable[[str], None]) -> None:
        super().__init__(directory, env=env, say=say)
        self._mutation = mutation

    def _program(self, service: str, name: str = "") -> Program:
        program = super()._program(service, name)
        if not FOLLOWS[service]:
            return program
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.mutated", service, self._mutation]
        env = self.environment(name or service)
        return Program(program.name, lambda log: Child(command, env=environment(**env), log=log), program.ready)


class Field:
    """A running system in `directory`, as a context.

    A `large` one has a second process of every service but the gateway, and three brokers as a cluster. `small_disk`
    gives PostgreSQL one, if we may mount it. `mutation` breaks a guarantee in every service that follows somebody.
    """

    def __init__(
        self,
        directory: Path,
        *,
        large: bool = False,
        small_disk: bool = False,
        mutation: str = "",
        say: Callable[[str], None] = print,
    ) -> None:
        self.faults = directory / "faults"
        self.faults.mkdir(parents=True)
        self.cluster = Cluster(directory / "cluster", say) if large else None
        self.disk: Path | None = None
        env = {"WHISTLE_FAULTS": str(self.faults)}
        self.system = Mutated(directory, mutation, env, say) if mutation else System(directory, env=env, say=say)
        self._large = large
        self._small_disk = small_disk
        self._say = say
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            usual = supervisor.LONGEST_PAUSE
            opening.callback(setattr, supervisor, "LONGEST_PAUSE", usual)
            supervisor.LONGEST_PAUSE = supervisor.FIRST_PAUSE  # the tenth time it comes back as quickly as the first
            if self.cluster:
                opening.enter_context(self.cluster)
                self.system.amqp_url = self.cluster.url
            if self._small_disk:
                self._mount(opening)
            opening.enter_context(self.system)
            self._supervisors = dict.fromkeys(SERVICES, self.system.supervisor)
            if self._large:
                seconds = Supervisor(
                    [self.system.replica(name, 2) for name in BEHIND], self.system.directory / "log", self._say
                )
                opening.enter_context(seconds)
                self._supervisors |= {f"{name}-2": seconds for name in BEHIND}
            self._opened = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _mount(self, opening: ExitStack) -> None:
        """A disk that a file can fill; only root may have one."""
        disk = self.system.directory / "postgres"
        disk.mkdir(parents=True)
        size = f"size={DISK_BYTES}"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "whistle-faults", disk], check=False).returncode == 0:
            opening.callback(lambda: subprocess.run(["umount", disk], check=False))
            self.disk = disk
        else:
            self._say("no small disk may be mounted here: PostgreSQL's will not be filled")

    @property
    def processes(self) -> tuple[str, ...]:
        """Every process of a service, by its name: `intake`, `intake-2`."""
        return tuple(self._supervisors)

    def doors(self) -> Mapping[str, tuple[str, ...]]:
        """Of each service: the addresses at which it can be asked, in turn.

        The gateway leads to the first replica: whoever was not answered there, or by it, asks the second next.
        """
        return {name: tuple(self._doors(name)) for name in BEHIND}

    def _doors(self, name: str) -> Iterator[str]:
        yield f"{self.system.url}/api/{name}"
        first, *others = map(self.system.address, self.replicas(name))
        yield from others
        yield first
        yield from others

    def pid(self, name: str) -> int:
        """The process that runs this now."""
        return self._supervisors[name].pid(name)

    def last_words(self, name: str) -> str:
        """The end of a process's log."""
        return last_lines(self.system.directory / "log" / f"{name}.log")

    def send(self, name: str, what: signal.Signals) -> None:
        """A signal; whoever ends is started again by its supervisor."""
        os.kill(self.pid(name), what)

    def replicas(self, service: str) -> tuple[str, ...]:
        """The processes of one service."""
        return tuple(one for one in self.processes if one.partition("-")[0] == service)

    def serves(self, *names: str) -> None:
        """Wait until these, or all, are ready."""
        for name in names or self.processes:
            eventually(lambda name=name: self._supervisors[name].ready(name), PATIENCE, f"{name} serves", 0.1)  # type: ignore[misc]  # binds this round's name
