"""What the gateway is made of: the services behind it, and how they are."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import eventlet
import orjson
from nameko.extensions import DependencyProvider
from urllib3.exceptions import HTTPError

from shared.access.policy import POLICY
from shared.errors import NotFound, Unavailable
from shared.runtime.health import Health, Weight
from shared.runtime.settings import Settings, load_settings
from shared.web.live import EVENTS, SEEN_BY, Live
from shared.web.merge import merge
from shared.web.openapi import Document
from shared.web.proxy import Upstream
from shared.web.site import Site

LOOK_SECONDS = 2.0  # between two looks at the services
PATIENCE_SECONDS = 1.0
KEEP_SECONDS = 10.0  # how old a service's description may be
TELLS = "supervision"  # what happens to cases

CONSOLE = Path(__file__).with_name("console") / "dist"

TITLE = "Whistle 吹哨"
DESCRIPTION = (
    "One complaint summons every responsible department, and only those who complained can close it.\n\n"
    "社区吹哨、部门报到：一次反映，召集所有责任部门；是否解决，由反映人和社区说了算。"
)
LIVE_DESCRIBED: Document = {
    "operationId": "gateway_live",
    "tags": [TELLS],
    "summary": "Hear of each change of the cases that I may see as it happens 实时更新",
    "description": (
        "Server-sent events without an end, until the token expires. `case`: {case, state}; `looking`: {case, login, "
        "at}, somebody has this case open; `resync`: {}, something may have been missed, read again what you show. "
        "With `Last-Event-ID` what was missed comes first, or `resync`."
    ),
    "x-operation": SEEN_BY,
    "x-roles": sorted(POLICY[SEEN_BY].roles),
    "x-endless": True,
    "security": [{"token": []}],
    "parameters": [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The id of the last event that was heard 最后收到的事件",
            "schema": {"type": "string"},
        },
        {"$ref": "#/components/parameters/Language"},
    ],
    "responses": {
        "200": {"description": "OK", "content": {EVENTS: {"schema": {"type": "string"}}}},
        **{str(one): {"$ref": f"#/components/responses/Problem{one}"} for one in (401, 403, 503)},
    },
}


class GatewayRoom(DependencyProvider):
    """Knows the services behind, looks after them all the time, and puts their descriptions together."""

    settings: Settings
    upstreams: Mapping[str, Upstream]
    console: Site

    def setup(self) -> None:
        """Read the settings."""
        self.settings = load_settings("gateway", stateful=False)
        self.upstreams = {name: Upstream(name, address) for name, address in self.settings.services.items()}
        self.console = Site(CONSOLE)
        self._health = Health()
        self._documents: dict[str, tuple[float, Document]] = {}
        self._live = Live(self.upstreams[TELLS].follow, self._hears) if TELLS in self.upstreams else None

    def start(self) -> None:
        """Begin to look after the services."""
        for upstream in self.upstreams.values():
            self.container.spawn_managed_thread(lambda upstream=upstream: self._look_after(upstream))
        if self._live:
            self.container.spawn_managed_thread(self._live.run)

    def get_dependency(self, _worker_ctx: Any) -> "GatewayRoom":
        """The room itself."""
        return self

    def health(self) -> Health:
        """The gateway's own health: it is ready whatever the services are, and says how they are."""
        return self._health

    def live(self) -> Live:
        """What supervision tells; `NotFound` for a gateway that does not know it."""
        if self._live is None:
            raise NotFound("no-such-address")
        return self._live

    def _hears(self, away: str) -> None:
        if away:
            self._health.bad("live", away, Weight.ABSORBED)
        else:
            self._health.good("live", Weight.ABSORBED)

    def description(self) -> Document:
        """The services' OpenAPI documents as one; `Unavailable` while one of them has never answered."""
        documents = {name: self._document(one) for name, one in self.upstreams.items()}
        merged = merge(documents, TITLE, DESCRIPTION)
        if self._live:
            merged["paths"]["/api/live"] = {"get": LIVE_DESCRIBED}
        return merged

    def _document(self, upstream: Upstream) -> Document:
        known = self._documents.get(upstream.name)
        if known and time.monotonic() - known[0] < KEEP_SECONDS:
            return known[1]
        try:
            document: Document = orjson.loads(upstream.ask("/openapi.json", PATIENCE_SECONDS).data)
        except (HTTPError, ValueError):
            if known is None:
                raise Unavailable("service-away", service=upstream.name) from None
            return known[1]
        self._documents[upstream.name] = time.monotonic(), document
        return document

    def _look_after(self, upstream: Upstream) -> None:
        while True:
            detail = _state(upstream)
            if detail == "ok":
                self._health.good(upstream.name, Weight.ABSORBED)
            else:
                self._health.bad(upstream.name, detail, Weight.ABSORBED)
            eventlet.sleep(LOOK_SECONDS)


def _state(upstream: Upstream) -> str:
    """A service's own word about itself: ok, degraded, unavailable or stopping; away if it says nothing."""
    try:
        return str(orjson.loads(upstream.ask("/readyz", PATIENCE_SECONDS).data)["status"])
    except (HTTPError, ValueError, KeyError):
        return "away"
