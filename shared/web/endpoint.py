"""The door for requests: a route of a service becomes a command for its engine, or a query that is answered at once.

A command's path: route, size, kind of body, token, role, JSON, schema, then a `Work` for the room's engine. What is
wrong is refused at the first of these steps that sees it: 404/405, 413, 415, 401, 403, 400, 422.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson
from nameko.extensions import register_entrypoint
from werkzeug.routing import Rule

from shared.engine.works import Answer, Result, Work
from shared.runtime.clock import uuid7
from shared.web import problem
from shared.web.body import JSON_LIMIT, Environ, Stream, expect_kind, expect_size
from shared.web.door import Door
from shared.web.reply import Reply
from shared.web.request import Request, key_of, load_body, load_query, version_of
from shared.web.route import Method, Route, SchemaClass, operation_by

F = TypeVar("F", bound=Method)


class Decorator(Protocol):
    """Declares a route and leaves the method as it is."""

    def __call__(self, method: F, /) -> F: ...


def command(
    method: str,
    path: str,
    *,
    body: SchemaClass = None,
    query: SchemaClass = None,
    answer: SchemaClass = None,
    status: int = 200,
    operation: str = "",
    limit: int = JSON_LIMIT,
) -> Decorator:
    """Let this route make the command that the decorated method returns; the engine's result is answered by `answer`.

    Without `answer` the status is 204. The operation is the returned command's own unless another is named.
    """
    return partial(_declare, "command", method, path, operation, **_schemas(body, query, answer, status), limit=limit)


def upload(
    method: str,
    path: str,
    *,
    kinds: Sequence[str],
    limit: int,
    query: SchemaClass = None,
    answer: SchemaClass = None,
    status: int = 201,
    operation: str = "",
) -> Decorator:
    """A command whose body is a file: the method reads `request.stream` (of one of `kinds`, at most `limit` bytes)."""
    schemas = _schemas(None, query, answer, status)
    return partial(_declare, "command", method, path, operation, **schemas, raw=True, kinds=tuple(kinds), limit=limit)


def query(
    method: str,
    path: str,
    *,
    operation: str,
    body: SchemaClass = None,
    query: SchemaClass = None,
    answer: SchemaClass = None,
    produces: Sequence[str] = (),
    kept: bool = False,
) -> Decorator:
    """Let this route answer what the decorated method returns: something for the schema `answer`, or a `Reply`.

    A question that must not stand in an address (a secret, somebody's words) comes by POST in a `body`.
    `produces` names the media types of the replies of a method that answers with files; `kept` says that all are
    `keepable` ones.
    """
    schemas = _schemas(body, query, answer, 200)
    if produces:
        schemas["status"] = 200
    return partial(_declare, "query", method, path, operation, **schemas, produces=tuple(produces), kept=kept)


def _schemas(body: SchemaClass, query: SchemaClass, answer: SchemaClass, status: int) -> dict[str, Any]:
    return {"body": body, "query": query, "answer": answer, "status": status if answer or status != 200 else 204}


def _declare(kind: Any, http_method: str, path: str, operation: str, method: F, **options: Any) -> F:
    route = Route(kind, http_method, path, operation_by(method, operation), **options)
    register_entrypoint(method, Endpoint(route))
    return method


class Endpoint(Door):
    """One route of a running service; its method runs on one long-lived object, in the connection's greenthread."""

    def __init__(self, route: Route) -> None:
        super().__init__()
        self.route = route
        self.operation = route.operation
        self._refuse: dict[str, Callable[..., Answer]] = {
            "zh": partial(problem.render, language="zh"),
            "en": partial(problem.render, language="en"),
        }

    def rules(self) -> Iterable[Rule]:
        """The route as the server's map holds it."""
        yield Rule(self.route.path, methods=[self.route.method], endpoint=self)

    def handle(self, environ: Environ, values: dict[str, Any]) -> Reply:
        """The answer to one request; refusals are raised."""
        route = self.route
        takes_body = route.raw or route.body is not None
        expect_size(environ, route.limit)
        if takes_body:
            expect_kind(environ, route.kinds)
        actor = self.server.admit(environ, route.operation)
        said, loaded = None, None
        if route.body_schema is not None:
            said, loaded = load_body(route.body_schema, environ, route.limit)
        key = key_of(environ)
        request = Request(
            id=uuid7(),
            actor=actor,
            path=values,
            query=load_query(route.query_schema, environ),
            body=loaded,
            version=version_of(environ),
            language=environ["whistle.language"],
            key=key,
            trace=environ["whistle.trace"],
            stream=Stream(environ, route.limit, hashing=bool(key)) if route.raw else None,
        )
        made = getattr(self.server.service, self.method_name)(request)
        if route.kind == "query":
            return self._found(made)
        return self._done(self.server.service.room.submit(self._work(request, made, environ, said)))

    def _work(self, request: Request, command: Any, environ: Environ, said: Any) -> Work:
        key, fingerprint = "", b""
        if request.key:
            key = f"{request.actor.id}:{self.operation}:{request.key}"
            fingerprint = _fingerprint(environ, said, request.stream)
        return Work(
            id=request.id,
            command=command,
            trace=request.trace,
            key=key,
            fingerprint=fingerprint,
            size=int(environ.get("CONTENT_LENGTH") or 0) if said is not None else 0,
            answer=self._answer,
            refuse=self._refuse[request.language],
        )

    def _answer(self, result: Any) -> Answer:
        schema = self.route.answer_schema
        return self.route.status, orjson.dumps(schema.dump(result)) if schema else b""

    def _found(self, found: Any) -> Reply:
        if isinstance(found, Reply):
            return found
        status, body = self._answer(found)
        return Reply(status, body, headers=_etag(_version_in(found)))

    def _done(self, result: Result) -> Reply:
        if not result.status:
            raise RuntimeError(f"the engine gave no answer: {result.ending}")
        if result.status >= 400:
            return Reply(result.status, result.body, problem.MEDIA_TYPE, problem.headers(result.status))
        return Reply(result.status, result.body, headers=_etag(_version(result)))


def _version(result: Result) -> object:
    """The version of what was done; a replay has only the body to tell it."""
    if result.value is None and result.body:
        return _version_in(orjson.loads(result.body))
    return _version_in(result.value)


def _version_in(found: object) -> object:
    """The version of an aggregate, or of a row as a query gives it."""
    return found.get("version") if isinstance(found, Mapping) else getattr(found, "version", None)


def _etag(version: object) -> tuple[tuple[str, str], ...]:
    return (("ETag", f'"{version}"'),) if isinstance(version, int) else ()


def _fingerprint(environ: Environ, said: Any, stream: Stream | None) -> bytes:
    """SHA-256 of what was asked: method, address, and the body however its JSON was spaced and ordered."""
    body = stream.digest() if stream else orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}\n"
    return hashlib.sha256(asked.encode() + body).digest()
