"""A service's HTTP server: finds the route, knows who asks, answers, counts, and drains when it is told to stop."""

import time
from collections.abc import Iterable
from math import inf
from typing import Any, Protocol

import eventlet
from eventlet import wsgi
from nameko.containers import WorkerContext
from nameko.web.server import HttpOnlyProtocol, WebServer
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, MapAdapter

from shared.access.actor import RESIDENT, Actor
from shared.access.policy import may_use
from shared.access.token import Reader
from shared.engine.works import Result, Work
from shared.errors import AppError, Forbidden, NotFound, Unauthenticated, Unavailable
from shared.runtime import log, metrics
from shared.runtime.health import Health
from shared.runtime.outlet import Outlet
from shared.runtime.settings import Settings
from shared.web import ops, problem
from shared.web.body import Environ
from shared.web.refusals import Malformed, WrongMethod
from shared.web.reply import LINES, Reply, send
from shared.web.request import trace_of

BACKLOG = 1024  # connections that wait to be accepted
IDLE_SECONDS = 75  # how long a connection may say nothing
DRAIN_SECONDS = 25  # how long a stopping service lets requests finish
FAREWELL_SECONDS = 1  # and how long its endless answers may take to end


class Room(Protocol):
    """What the door asks of a service's room."""

    @property
    def settings(self) -> Settings: ...
    def submit(self, work: Work) -> Result: ...
    def health(self) -> Health: ...


class Provider(Protocol):
    """What handles requests; `operation` is its name in the metrics."""

    @property
    def operation(self) -> str: ...
    def handle(self, environ: Environ, values: dict[str, Any]) -> Reply: ...


class Http(HttpOnlyProtocol):
    """HTTP as eventlet speaks it; what is no HTTP gets a problem as well."""

    def send_error(self, _code: int, _message: str | None = None, _explain: str | None = None) -> None:
        """Answer to bytes that are no request, and hang up."""
        status, body = problem.render(Malformed(), "zh")
        head = f"HTTP/1.1 {LINES[status]}\r\nContent-Type: {problem.MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
        self.wfile.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self.close_connection = 1


class Server(WebServer):
    """Nameko's web server without its worker for each call: providers answer in the connection's greenthread.

    `service` is the one service object whose methods answer all requests, its dependencies in place.
    """

    service: Any
    _adapter: MapAdapter
    _reader: Reader | None = None  # read when the first token comes: a service may start before its keys are there

    def __init__(self) -> None:
        super().__init__()
        self._draining = False
        self._starting = False
        self.streams: dict[object, Outlet] = {}  # the endless answers that are open, by their bodies

    def admit(self, environ: Environ, operation: str) -> Actor:
        """Who asks, if the policy lets one of their roles near this operation; whoever has no token is a resident."""
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not token:
            if scheme:
                raise Unauthenticated("token-malformed")
            if may_use(operation, RESIDENT):
                return RESIDENT
            raise Unauthenticated("token-missing")
        if scheme.lower() != "bearer":
            raise Unauthenticated("token-malformed")
        actor = self._read_by().read(token.strip())
        if may_use(operation, actor):
            return actor
        if may_use(operation, RESIDENT):
            return RESIDENT
        raise Forbidden(operation=operation)

    def expires(self, environ: Environ) -> float:
        """When the token of a request that was admitted ends, in seconds of the epoch; never, where none came."""
        token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip()
        return self._read_by().expires(token) if token else inf

    def _read_by(self) -> Reader:
        if self._reader is None:
            try:
                self._reader = Reader(self.service.room.settings.keys)
            except FileNotFoundError:
                raise Unavailable("keys-missing") from None
        return self._reader

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The WSGI application."""
        begun = time.perf_counter()
        environ["whistle.language"] = problem.language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        environ["whistle.trace"] = trace = trace_of(environ)
        log.tie(trace.correlation, trace.traceparent)
        with metrics.in_flight.track_inprogress():
            operation, reply = self._answer(environ)
        metrics.requests.labels(operation, reply.status).inc()
        metrics.request_seconds.labels(operation).observe(time.perf_counter() - begun)
        return send(reply, environ, start_response)

    def _answer(self, environ: Environ) -> tuple[str, Reply]:
        operation = "none"
        try:
            if self._draining:
                raise Unavailable("stopping")
            provider, values = self._match(environ)
            operation = provider.operation
            return operation, provider.handle(environ, values)
        except AppError as error:
            return operation, problem.reply(error, environ["whistle.language"])
        except Exception:  # noqa: BLE001 - whatever else it is, the caller gets an answer and the operator its trace
            log.get().error("request failed", operation=operation, method=environ["REQUEST_METHOD"], exc_info=True)
            return operation, problem.internal_reply(environ["whistle.language"])

    def _match(self, environ: Environ) -> tuple[Provider, dict[str, Any]]:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if "\0" in path:
            raise NotFound("no-such-address")  # a variable of the path must not hold what PostgreSQL cannot store
        try:
            return self._adapter.match(path, environ["REQUEST_METHOD"])  # type: ignore[return-value]  # providers are the endpoints
        except MethodNotAllowed as error:
            raise WrongMethod(allowed=", ".join(sorted(error.valid_methods or ()))) from None
        except HTTPException:
            raise NotFound("no-such-address") from None

    def start(self) -> None:
        """Listen and answer."""
        if self._starting:
            return
        self._starting = True
        self.service = self._lasting_service()
        doors = (*self._providers, *ops.operations(self))
        self._adapter = Map((rule for door in doors for rule in door.rules()), merge_slashes=False).bind("")
        self._sock = eventlet.listen(tuple(self.bind_addr), backlog=BACKLOG, reuse_port=False)
        self._serv = self.get_wsgi_server(self._sock, self)
        self._gt = self.container.spawn_managed_thread(self.run)

    def _lasting_service(self) -> Any:
        service = self.container.service_cls()
        context = WorkerContext(self.container, service, None)
        for dependency in self.container.dependencies:
            setattr(service, dependency.attr_name, dependency.get_dependency(context))
        return service

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, protocol: Any = Http, debug: bool = False) -> Any:
        """Eventlet's server; it writes no log of its own."""
        address = sock.getsockname()
        return wsgi.Server(
            sock, address, wsgi_app, protocol=protocol, debug=debug, log_output=False, socket_timeout=IDLE_SECONDS
        )

    def process_request(self, sock: Any, address: Any) -> None:
        """Serve one connection; whatever breaks it breaks only it."""
        try:
            super().process_request(sock, address)
        except Exception as error:  # noqa: BLE001 - a peer that goes away in the middle must not stop the service
            log.get().info("connection broken", reason=repr(error))

    def drain(self) -> None:
        """Take no more requests and return when those that have begun are answered, or their time is up.

        Endless answers end at once; who does not read to their end keeps nobody waiting.
        """
        if self._gt is None:
            return  # it never listened
        self._draining = True
        self._is_accepting = False
        self._gt.kill()
        self._sock.close()
        for outlet in [*self.streams.values()]:
            outlet.close()
        begun = time.monotonic()
        while self._unfinished(time.monotonic() - begun):
            eventlet.sleep(0.01)

    def _unfinished(self, seconds: float) -> bool:
        """Whether it is worth waiting for what has begun, after so many seconds."""
        if self._serv.outstanding_requests > len(self.streams):
            return seconds < DRAIN_SECONDS
        return bool(self.streams) and seconds < FAREWELL_SECONDS
