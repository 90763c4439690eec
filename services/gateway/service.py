"""The gateway (门户): one origin for all services."""

from collections.abc import Iterable

import msgspec
import orjson

from services.gateway.wiring import GatewayRoom
from shared.errors import NotFound
from shared.runtime.outlet import Outlet
from shared.web.live import EVENTS, SEEN_BY
from shared.web.page import page
from shared.web.proxy import Upstream, proxy
from shared.web.reply import Reply, keepable
from shared.web.site import Site, site
from shared.web.stream import Listener, stream
from shared.web.texts import texts


class GatewayService:
    """One origin: what lies below /api/<service>/ is passed on to that service."""

    name = "gateway"
    room = GatewayRoom()

    @proxy()
    def upstreams(self) -> Iterable[Upstream]:
        """The services behind."""
        return self.room.upstreams.values()

    @stream("/api/live", EVENTS, SEEN_BY)
    def live(self, listener: Listener) -> Outlet:
        """Each change of a case that the listener may see, and who looks at it, as it happens."""
        return self.room.live().open(listener)

    @page("/api/openapi.json")
    def description(self) -> Reply:
        """OpenAPI 3.1 of the whole system."""
        return Reply(200, orjson.dumps(self.room.description()))

    @page("/api/texts")
    def texts(self) -> Reply:
        """How people call what answers name by a code, in both languages."""
        told = texts()
        return keepable(orjson.dumps(msgspec.to_builtins({"terms": told.terms, "labels": told.labels})), public=True)

    @page("/problems/<slug>")
    def problem(self, slug: str) -> Reply:
        """What a problem's `type` means, in both languages."""
        found = texts().problems.get(slug)
        if found is None:
            raise NotFound("no-such-address")
        return Reply(200, orjson.dumps({"type": f"/problems/{slug}", **msgspec.to_builtins(found)}))

    @site()
    def console(self) -> Site:
        """The console: what people see 控制台"""
        return self.room.console
