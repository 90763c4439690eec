"""Addresses whose answer has no end: what happens is told as it happens, until either side goes."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import inf
from typing import Any, NamedTuple, TypeVar

from nameko.extensions import register_entrypoint
from werkzeug.routing import Rule

from shared.access.actor import RESIDENT, Actor
from shared.runtime import clock
from shared.runtime.outlet import Outlet
from shared.web.body import Environ
from shared.web.door import Door
from shared.web.reply import Reply
from shared.web.server import Server

HEADERS = (("X-Accel-Buffering", "no"),)  # a proxy in front must pass each piece on at once


class Listener(NamedTuple):
    """Who listens, for how many seconds at most, and the last event that they know (`Last-Event-ID`; "" for none)."""

    actor: Actor
    lifetime: float
    known: str


F = TypeVar("F", bound=Callable[..., Outlet])


def stream(path: str, content_type: str, operation: str = "") -> Callable[[F], F]:
    """Let GET of this path answer with the outlet that the decorated method gives for a `Listener`.

    With an `operation` of the policy they must bring a token, and the answer ends when it expires; without one anybody
    may listen, as with a `page`.
    """
    return partial(_declare, path, content_type, operation)


def _declare(path: str, content_type: str, operation: str, method: F) -> F:
    register_entrypoint(method, Stream(path, content_type, operation))
    return method


class Stream(Door):
    """One such address."""

    operation = "stream"

    def __init__(self, path: str, content_type: str, policy: str) -> None:
        super().__init__()
        self._path, self._content_type, self._policy = path, content_type, policy

    def rules(self) -> Iterable[Rule]:
        """The address."""
        yield Rule(self._path, methods=["GET"], endpoint=self)

    def handle(self, environ: Environ, _values: dict[str, Any]) -> Reply:
        """What the method's outlet gives."""
        actor, lifetime = RESIDENT, inf
        if self._policy:
            actor = self.server.admit(environ, self._policy)
            lifetime = self.server.expires(environ) - clock.now().timestamp()
        listener = Listener(actor, lifetime, environ.get("HTTP_LAST_EVENT_ID", ""))
        outlet: Outlet = getattr(self.server.service, self.method_name)(listener)
        return Reply(200, _Body(outlet, self.server), self._content_type, HEADERS)


class _Body:
    """An outlet as the server sends it; the server knows it until the last byte has gone."""

    def __init__(self, outlet: Outlet, server: Server) -> None:
        self._outlet, self._server = outlet, server
        server.streams[self] = outlet

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._outlet)

    def close(self) -> None:
        """It was sent, or the reader is gone."""
        self._server.streams.pop(self, None)
        self._outlet.close()
