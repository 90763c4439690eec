"""An open stream of server-sent events as a page reads it."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import urllib3

PATIENCE = 60.0  # seconds for what somebody waits for; a heartbeat comes every fifteen


class Heard(NamedTuple):
    """One event."""

    id: str
    name: str
    data: Any


class Open:
    """The stream; iterating gives its events as they come, and ends with it."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self.status, self.headers = answer.status, answer.headers
        self.id = ""
        self._deadline = 0.0
        self._events = self._read(answer.stream())

    def __iter__(self) -> Iterator[Heard]:
        self._deadline = time.monotonic() + PATIENCE
        return self._events

    def _read(self, pieces: Iterator[bytes]) -> Iterator[Heard]:
        rest = ""
        for piece in pieces:
            *blocks, rest = (rest + piece.decode()).split("\n\n")
            for block in blocks:
                fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
                self.id = fields.get("id", self.id)
                if "event" in fields:
                    yield Heard(self.id, fields["event"], json.loads(fields["data"]))
            if time.monotonic() > self._deadline:
                raise TimeoutError("what was waited for did not come")

    def until(self, name: str, **wanted: Any) -> Heard:
        """The first event of this name whose data has all of this."""
        return next(one for one in self if one.name == name and wanted.items() <= one.data.items())


@contextmanager
def listening(url: str, token: str = "", known: str = "", path: str = "/api/live") -> Iterator[Open]:
    """A page that listens, perhaps again: then `known` is the last event's id."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if known:
        headers["Last-Event-ID"] = known
    with urllib3.PoolManager(timeout=PATIENCE, retries=False) as http:
        answer = http.request("GET", url + path, headers=headers, preload_content=False)
        with closing(answer):
            yield Open(answer)
