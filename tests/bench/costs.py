"""CPU and memory by process, read from outside: every service, the broker and the database, each with its children."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tools.system import System


def cpu_seconds(system: System) -> dict[str, float]:
    """What each has used so far."""
    return {name: used(pids) for name, pids in _processes(system).items()}


def memory_bytes(system: System) -> dict[str, int]:
    """Proportional set size of each now."""
    return {name: sum(held) for name, held in memory_of_each(system).items()}


def memory_of_each(system: System) -> dict[str, list[int]]:
    """The same of each of their processes."""
    return {name: list(map(_held, pids)) for name, pids in _processes(system).items()}


def forget_peaks(system: System) -> None:
    """Let the peaks of all count from now."""
    for pids in _processes(system).values():
        for pid in pids:
            with suppress(ProcessLookupError):
                Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): resets the peak resident set size


def peak_bytes(system: System) -> dict[str, int]:
    """The largest resident set of each since then; what a server's processes share is counted in each of them."""
    return {name: sum(map(_peak, pids)) for name, pids in _processes(system).items()}


def spent(before: Mapping[str, float], after: Mapping[str, float], works: int) -> dict[str, float]:
    """CPU milliseconds a work between two readings."""
    return {name: (after[name] - before[name]) * 1000 / works for name in after}


def used(pids: Iterable[int]) -> float:
    """CPU seconds of these processes so far, with their children that have ended."""
    total = 0.0
    for pid in pids:
        with suppress(psutil.NoSuchProcess):  # ended just now: its parent has its times
            times = psutil.Process(pid).cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _processes(system: System) -> dict[str, list[int]]:
    found = {name: [system.supervisor.pid(name)] for name in system.services} | {"nursery": [system.nursery.pid]}
    for name, server in (("RabbitMQ", system.broker), ("PostgreSQL", system.postgres)):
        if server is not None:
            found[name] = server.pids()
    return found


def _peak(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _held(pid: int) -> int:
    with suppress(psutil.NoSuchProcess):  # ended just now
        return int(psutil.Process(pid).memory_full_info().pss)
    return 0
