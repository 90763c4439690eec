"""What every service tells those who operate it: /livez, /readyz, /metrics and /openapi.json."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.routing import Rule

from shared.web.body import Environ
from shared.web.openapi import describe
from shared.web.reply import Reply

if TYPE_CHECKING:
    from shared.web.server import Server

PATHS = ("/livez", "/readyz", "/metrics", "/openapi.json")
LIVE = "/live"  # what a service tells as it commits it, for those within only


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the addresses for operators; nobody needs a token for it, and the gateway does not pass it on."""

    path: str
    answer: Callable[[], Reply]
    operation: str = "ops"

    def rules(self) -> Iterable[Rule]:
        """The address as the server's map holds it."""
        yield Rule(self.path, methods=["GET"], endpoint=self)

    def handle(self, _environ: Environ, _values: dict[str, Any]) -> Reply:
        """The answer."""
        return self.answer()


def operations(server: "Server") -> Iterator[Operation]:
    """The addresses of this service's operators."""

    def health() -> Any:
        return server.service.room.health()

    yield Operation("/livez", lambda: _json(*health().livez()))
    yield Operation("/readyz", lambda: _json(*health().readyz()))
    document = orjson.dumps(describe(server.container.service_cls))
    yield Operation("/openapi.json", lambda: Reply(200, document))
    yield Operation("/metrics", lambda: Reply(200, generate_latest(), CONTENT_TYPE_LATEST))


def _json(status: int, content: dict[str, Any]) -> Reply:
    return Reply(status, orjson.dumps(content))
