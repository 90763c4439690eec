"""Makes a process green: many requests wait side by side on one thread.

`whistle serve` calls `make_green` before it imports anything else; a library that was imported earlier would keep the
blocking parts of the standard library.
"""

import ctypes
import gc
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # <malloc.h>
TELL_AFTER = 15.0  # seconds of stopping; whoever runs us may kill us soon
TOO_LATE = ("psycopg", "sqlalchemy", "nameko", "urllib3", "amqp")


def make_green() -> None:
    """Patch the standard library for eventlet; `RuntimeError` if what must see it patched is imported already."""
    late = [name for name in TOO_LATE if name in sys.modules]
    if late:
        raise RuntimeError(f"imported before the process was made green: {', '.join(late)}")
    give_memory_back()
    os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", "4")  # for files and passwords; each thread costs memory
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"  # psycopg's own wait is in C and would stop the whole process
    # Eventlet's own resolver costs 15 MB a process; names are looked up only when a connection is made.
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")  # nameko needs it
    import eventlet

    eventlet.monkey_patch()


def let_psycopg_wait() -> None:
    """Let psycopg wait for its server in eventlet's hub, if this process is green; whoever imports psycopg calls it.

    Its own `wait_select` goes through eventlet's imitation of `select`, which was a sixth of a busy service's CPU.
    """
    if os.environ.get("PSYCOPG_WAIT_FUNC") != "wait_select":
        return
    from eventlet.green import select
    from eventlet.hubs import trampoline
    from psycopg import waiting
    from psycopg.errors import _WaitTimeout

    def wait(gen: Any, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:  # noqa: ARG001 - psycopg's
        try:
            wanted = next(gen)
            while True:
                if wanted == waiting.WAIT_R:
                    trampoline(fileno, read=True, timeout=timeout, timeout_exc=_WaitTimeout)
                    ready = waiting.READY_R
                else:  # a large statement is on its way, and the server may have something to say meanwhile
                    readable, writable, _ = select.select([fileno], [fileno], [], timeout)
                    ready = waiting.Ready(waiting.READY_R * bool(readable) | waiting.READY_W * bool(writable))
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    waiting.wait = wait


def give_memory_back() -> None:
    """Let large pieces of memory (a password's hashing, a picture) go back to the system when they are freed.

    Otherwise glibc learns from the first such piece to keep all later ones.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc
        libc.mallopt(M_MMAP_THRESHOLD, 256 * 1024)
        libc.mallopt(M_ARENA_MAX, 2)


def leave_garbage_longer() -> None:
    """Look for reference cycles less often, and no more among what a started process keeps: a tenth of its CPU.

    Nearly everything here ends by its last reference.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def when_told_to_stop(stop: Callable[[], object]) -> None:
    """Call `stop` in a greenthread as soon as SIGTERM or SIGINT comes, also when the process is idle.

    A handler alone would not do: while eventlet waits for sockets, Python takes up the waiting again after it.
    """
    import eventlet
    from eventlet import hubs

    from shared.runtime import log

    def tell() -> None:
        log.get().error("stopping takes long", after=TELL_AFTER, waiting=stacks())

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: None)

    def wait() -> None:
        hubs.trampoline(reading, read=True)
        late = eventlet.spawn_after(TELL_AFTER, tell)
        stop()
        late.cancel()

    eventlet.spawn(wait)


def stacks() -> list[str]:
    """Where every greenthread waits, the innermost call last."""
    from greenlet import greenlet

    gc.unfreeze()  # what is frozen is not among the collector's objects
    waiting = (one.gr_frame for one in gc.get_objects() if isinstance(one, greenlet))
    return ["".join(traceback.format_stack(frame)) for frame in waiting if frame is not None]
