"""Addresses that anybody may read without a token, because they tell about the system and never about a case."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from nameko.extensions import register_entrypoint
from werkzeug.routing import Rule

from shared.web.body import Environ
from shared.web.door import Door
from shared.web.reply import Reply

F = TypeVar("F", bound=Callable[..., Reply])


def page(path: str) -> Callable[[F], F]:
    """Let GET of this path answer with the `Reply` of the decorated method; the path's variables are its arguments."""
    return partial(_declare, path)


def _declare(path: str, method: F) -> F:
    register_entrypoint(method, Page(path))
    return method


class Page(Door):
    """One such address."""

    operation = "page"

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def rules(self) -> Iterable[Rule]:
        """The address."""
        yield Rule(self._path, methods=["GET"], endpoint=self)

    def handle(self, _environ: Environ, values: dict[str, Any]) -> Reply:
        """What the method answers."""
        reply: Reply = getattr(self.server.service, self.method_name)(**values)
        return reply
