"""A service of ours as its own process, as tests of doors need it, and a client that speaks to it."""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
import urllib3

from shared.access.actor import Actor
from shared.access.token import Minter, ensure_keys
from tests.support.eventually import eventually
from tools.child import Child, environment


def free_port() -> int:
    """A port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refuses_connections(port: int) -> bool:
    """Whether nobody listens on this port of the loopback address."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Answer:
    """What came back."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.data = response.data

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.data)

    @property
    def problem(self) -> str:
        """The slug of the problem that this answer is."""
        assert self.headers["Content-Type"] == "application/problem+json", self.data
        assert self.json["status"] == self.status
        slug: str = self.json["type"].removeprefix("/problems/")
        return slug

    @property
    def wrong_fields(self) -> set[str]:
        """The fields that the problem names."""
        return {one["field"] for one in self.json["errors"]}


class Serving:
    """`python -m <arguments>` on a free port (or this one), ready when entered, told to stop when left.

    `keys` is a directory with token keys; they are made if they are not there.
    """

    def __init__(self, *arguments: str, folder: Path, keys: Path, port: int = 0, **variables: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys = keys
        ensure_keys(keys)
        self._minter = Minter(keys)
        self._command = [sys.executable, "-m", *arguments]
        self._environment = environment(WHISTLE_PORT=str(self.port), WHISTLE_KEYS=str(keys), **variables)
        self._log = folder / f"{arguments[-1]}-{id(self)}.log"
        self._pool = urllib3.PoolManager(retries=False, maxsize=64)

    def __enter__(self) -> "Serving":
        self.child = Child(self._command, env=self._environment, log=self._log)
        eventually(self._ready, 20.0, f"{self._command} is ready")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.clear()
        self.child.stop()

    def _ready(self) -> bool:
        assert self.child.running, self.child.last_words()
        try:
            return self.ask("GET", "/livez").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def token(self, actor: Actor) -> str:
        """A token that names this actor."""
        return self._minter.mint(actor)[0]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = "",
        raw: bytes | Sequence[bytes] | None = None,
        kind: str = "application/json",
        **headers: str,
    ) -> Answer:
        """One request: `body` as JSON, or `raw` as it is, in chunks if it is several; `If_Match="…"` is If-Match."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            said["Authorization"] = f"Bearer {token}"
        content = orjson.dumps(body) if body is not None else raw
        if content is not None and kind:
            said["Content-Type"] = kind
        return Answer(self._pool.request(method, self.url + path, body=content, headers=said))

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far."""
        return [orjson.loads(line) for line in self._log.read_bytes().splitlines() if line.startswith(b"{")]
