"""What a service declares about one of its routes, and how to find all that it has declared."""

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Any, Literal

from marshmallow import Schema

from shared.access.policy import POLICY
from shared.web.body import JSON, JSON_LIMIT
from shared.web.strict import strict

Kind = Literal["command", "query"]
SchemaClass = type[Schema] | None
Method = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One route: its address, the schemas of what comes and what goes, and the operation that the policy knows.

    `raw` routes hand the body to the method as a stream of one of these `kinds`; `limit` is in bytes. `produces` names
    the media types of a query that answers with files instead of `answer`; `kept` when its reader may keep the answer.
    """

    kind: Kind
    method: str
    path: str
    operation: str
    body: SchemaClass = None
    query: SchemaClass = None
    answer: SchemaClass = None
    status: int = 200
    raw: bool = False
    kinds: tuple[str, ...] = JSON
    limit: int = JSON_LIMIT
    produces: tuple[str, ...] = ()
    kept: bool = False

    @cached_property
    def body_schema(self) -> Schema | None:
        """The one instance of the body's schema."""
        return strict(self.body()) if self.body else None

    @cached_property
    def query_schema(self) -> Schema | None:
        """The one instance of the query's schema."""
        return self.query() if self.query else None

    @cached_property
    def answer_schema(self) -> Schema | None:
        """The one instance of the answer's schema."""
        return self.answer() if self.answer else None


def operation_by(method: Method, declared: str) -> str:
    """The operation that a method's route stands for: what is declared, or the command that it says it returns.

    `services.dispatch.commands.sign_assignment` is `dispatch.sign_assignment`. It must be in the policy.
    """
    operation = declared or _of_command(method)
    if operation not in POLICY:
        raise ValueError(f"{method.__qualname__}: the policy has no operation {operation or 'for what it returns'}")
    return operation


def _of_command(method: Method) -> str:
    hint = typing.get_type_hints(method).get("return")
    for kind in typing.get_args(hint) if isinstance(hint, UnionType) else (hint,):
        parts = getattr(kind, "__module__", "").split(".")
        if parts[0] == "services" and "commands" in parts:
            return f"{parts[1]}.{parts[-1]}"
    return ""


def routes_of(service: type[Any]) -> Iterator[tuple[Method, Route]]:
    """Every route of a service class with its method, ordered by address."""
    found = [
        (method, entrypoint.route)
        for _, method in inspect.getmembers(service, inspect.isfunction)
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if isinstance(getattr(entrypoint, "route", None), Route)
    ]
    yield from sorted(found, key=lambda one: (one[1].path, one[1].method))
