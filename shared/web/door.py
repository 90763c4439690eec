"""What all of a service's addresses have in common: one server, which they let drain before the service stops."""

from collections.abc import Iterable
from typing import Any

from nameko.extensions import Entrypoint
from werkzeug.routing import Rule

from shared.web.body import Environ
from shared.web.reply import Reply
from shared.web.server import Server


class Door(Entrypoint):
    """An entrypoint for HTTP; `operation` is its name in the metrics."""

    server = Server()
    operation = ""

    def setup(self) -> None:
        """Stand at the server."""
        self.server.register_provider(self)

    def stop(self) -> None:
        """Let what has begun finish, and take nothing more."""
        self.server.drain()
        self.server.unregister_provider(self)
        super().stop()

    def rules(self) -> Iterable[Rule]:
        """The addresses; each rule's endpoint is what handles it."""
        raise NotImplementedError

    def handle(self, environ: Environ, values: dict[str, Any]) -> Reply:
        """The answer to one request; refusals are raised."""
        raise NotImplementedError
