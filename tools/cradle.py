"""The process in which the services of one machine begin: `tools.nursery` starts it and tells it what to start.

It has imported what they all need. Each line of its input is an order; it forks, answers `started PID`, and says
`ended PID CODE` when that process has ended (the code is negative for a signal).
"""

import ctypes
import gc
import importlib
import os
import signal
import sys
from contextlib import suppress

# Eventlet's own versions of these would run its loop here.
from os import dup2, fork, setsid, waitpid, write
from pathlib import Path
from types import FrameType

import msgspec

SHARED = ("shared.service", "shared.web.endpoint", "shared.web.schemas")  # what the services have in common
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # <linux/prctl.h>


class Order(msgspec.Struct):
    """Serve this, with these changes of the environment."""

    service: str
    env: dict[str, str]
    log: str


def main() -> int:
    """Follow orders until the input ends."""
    from tools import serve  # the process is green from here on

    for name in SHARED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, reap)
    gc.collect()
    gc.freeze()  # so that no fork's collector writes into what they share
    ours = os.getpid()
    for line in sys.stdin.buffer:
        order = msgspec.json.decode(line, type=Order)
        # A process's end is told after its beginning, however short its life.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = fork()
        if pid == 0:
            become(order, ours)
            return serve.main(order.service)
        tell(f"started {pid}")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    return 0


def become(order: Order, parent: int) -> None:
    """Be a process of its own, as if it had been started from a shell, that ends with its parent."""
    from eventlet import hubs

    hubs.use_hub()  # another loop than that which all forks inherited
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    setsid()
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before: nobody will be told of that
        os.kill(os.getpid(), signal.SIGKILL)
    libc.prctl(PR_SET_NAME, order.service.encode())  # what ps and top show
    with Path(os.devnull).open("rb") as nothing, Path(order.log).open("ab") as log:
        dup2(nothing.fileno(), 0)
        dup2(log.fileno(), 1)
        dup2(log.fileno(), 2)
    os.environ.update(order.env)


def reap(_signal: int, _frame: FrameType | None) -> None:
    """Tell of every process that has ended."""
    with suppress(ChildProcessError):
        while True:
            pid, status = waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            tell(f"ended {pid} {os.waitstatus_to_exitcode(status)}")


def tell(what: str) -> None:
    write(1, f"{what}\n".encode())  # at once, also from within the signal's handler


if __name__ == "__main__":
    sys.exit(main())
