"""How long a change takes from the command's answer to an open page, and what an open page costs the gateway.

`make bench-live`: five hundred pages are open on one real system while whistles are blown at a
steady rate; ends with an error where the 95th of a hundred takes a second or more, or a page a hundred kilobytes.
CONNECTIONS, RATE (whistles a second) and WHISTLES change how many.
"""

import os
import re
import selectors
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.costs import memory_bytes
from tools.client import Api
from tools.story.asking import CLERK, REVIEWER, complaint
from tools.story.stage import PASSWORD, Stage
from tools.system import System

CONNECTIONS = int(os.environ.get("CONNECTIONS", "500"))
RATE = float(os.environ.get("RATE", "0.5"))
WHISTLES = int(os.environ.get("WHISTLES", "40"))
SECONDS, KILOBYTES = 1.0, 100.0
SETTLED = 5.0  # seconds, after which what memory is held is steady
LATEST = 10.0  # seconds; what has not come by then counts as missing
AFTER = re.compile(rb'"case":"([^"]+)","state":"(?:whistled|dispatched)"')
LISTENER = "supervisor.sanhe"


class Pages:
    """Open pages, read by one thread; it notes when each first hears that a case was whistled, or went on since."""

    def __init__(self, url: str, token: str, count: int) -> None:
        self.heard: dict[str, list[float]] = {}
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        parts = urlsplit(url)
        asked = f"GET /api/live HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        for _ in range(count):
            page = socket.create_connection((parts.hostname or "", parts.port or 80))
            page.sendall(asked)
            page.setblocking(False)
            self._selector.register(page, selectors.EVENT_READ, (bytearray(), set[str]()))
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def close(self) -> None:
        """Close all of them."""
        self._stopping = True
        self._thread.join()
        for key in [*self._selector.get_map().values()]:
            key.fileobj.close()  # type: ignore[union-attr]  # they are sockets

    def _read(self) -> None:
        while not self._stopping:
            for key, _ in self._selector.select(0.1):
                told = key.fileobj.recv(65536)  # type: ignore[union-attr]  # they are sockets
                if not told:
                    raise ConnectionError("a page was closed")
                at = time.monotonic()
                waiting, known = key.data
                waiting.extend(told)
                *blocks, rest = bytes(waiting).split(b"\n\n")
                waiting[:] = rest
                for block in blocks:
                    found = AFTER.search(block)
                    if found and (case := found[1].decode()) not in known:
                        known.add(case)
                        self.heard.setdefault(case, []).append(at)


def memory(system: System) -> float:
    """What the gateway holds, in kilobytes."""
    return memory_bytes(system)["gateway"] / 1024


def whistles(system: System, count: int) -> dict[str, float]:
    """Blow so many at the rate; for each case when its command was answered."""
    api = Api(system.url)
    stage = Stage(api, say=lambda _line: None, people={})
    clerk, reviewer = stage.person(CLERK), stage.person(REVIEWER)
    answered: dict[str, float] = {}
    begun = time.monotonic()
    for number in range(count):
        case = complaint(stage)["id"]
        clerk.post(f"/api/intake/cases/{case}/submission")
        time.sleep(max(0.0, begun + number / RATE - time.monotonic()))
        reviewer.post(f"/api/intake/cases/{case}/whistle")
        answered[case] = time.monotonic()
    return answered


def measure(system: System) -> tuple[Sequence[float], int, float, float]:
    """Seconds of each arrival, how many never came, and kilobytes a page: when open, and at the end."""
    listener = Api(system.url).person(LISTENER, PASSWORD)
    listener.get("/api/supervision/cases")
    whistles(system, 3)  # what is made once is made now
    time.sleep(SETTLED)
    before = memory(system)
    pages = Pages(system.url, listener.token, CONNECTIONS)
    try:
        time.sleep(SETTLED)
        opened = memory(system)
        answered = whistles(system, WHISTLES)
        time.sleep(LATEST)
        ended = memory(system)
    finally:
        pages.close()
    took = [max(0.0, at - answered[case]) for case in answered for at in pages.heard.get(case, [])]
    return (
        took,
        len(answered) * CONNECTIONS - len(took),
        (opened - before) / CONNECTIONS,
        (ended - before) / CONNECTIONS,
    )


def main() -> None:
    """Start a system, measure, and judge."""
    place = Path(tempfile.mkdtemp(prefix="whistle-live-"))
    try:
        with System(place, say=lambda _line: None) as system:
            took, missing, opened, ended = measure(system)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=100)[94]
    print(f"{CONNECTIONS} pages, {WHISTLES} whistles at {RATE:g} a second, {missing} arrivals missing")
    print(f"answer to arrival: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, longest {max(took) * 1000:.0f} ms")
    print(f"gateway: {opened:.1f} kB a page when open, {ended:.1f} kB at the end")
    if missing or p95 >= SECONDS or max(opened, ended) >= KILOBYTES:
        sys.exit("too slow, too large, or something is missing")


if __name__ == "__main__":
    main()
