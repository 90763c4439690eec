"""Passes requests on to a service behind and its answers back, in pieces both ways."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from nameko.extensions import register_entrypoint
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPHeaderDict, Timeout, connection_from_url
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError, ReadTimeoutError
from werkzeug.routing import Rule

from shared.errors import NotFound, Unavailable
from shared.web import ops
from shared.web.body import JSON_LIMIT, PIECE, Environ, Stream, declared_length, expect_size, read_bytes
from shared.web.door import Door
from shared.web.refusals import BadGateway, TooSlow
from shared.web.reply import LINES, Headers, Reply

BODY_LIMIT = 512 * 1024 * 1024  # of all; each service has its own, lower ones
WHOLE = 64 * 1024  # up to here an answer is passed on in one go
PATIENCE = Timeout(connect=2, read=60)
CONNECTIONS = 256  # kept open to one service

HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    }
)
NOT_PASSED_ON = HOP_BY_HOP | {"host", "content-length", "expect", "x-request-id", "traceparent"}
NOT_PASSED_BACK = HOP_BY_HOP | {"x-request-id", "content-type", "server"}
HIDDEN = frozenset({*ops.PATHS, ops.LIVE}) - {"/openapi.json"}  # for operators, who ask the service itself


class Upstream:
    """One service behind; `address` is its origin, such as `http://127.0.0.1:8101`."""

    def __init__(self, name: str, address: str, patience: Timeout = PATIENCE) -> None:
        self.name = name
        self._patience = patience
        self.operation = f"proxy.{name}"
        self._pool: HTTPConnectionPool = connection_from_url(address, maxsize=CONNECTIONS, block=False)

    def ask(self, path: str, seconds: float) -> BaseHTTPResponse:
        """A whole answer to a GET of ours; `HTTPError` if there is none in time."""
        return self._pool.urlopen("GET", path, timeout=Timeout(seconds), retries=False)

    def follow(self, path: str, seconds: float) -> Iterator[bytes]:
        """An endless answer to a GET of ours as its pieces come; `HTTPError` if nothing comes for so many seconds."""
        patience = Timeout(connect=PATIENCE.connect_timeout, read=seconds)
        response = self._pool.urlopen("GET", path, timeout=patience, retries=False, preload_content=False)
        try:
            if response.status != HTTPStatus.OK:
                raise HTTPError(f"status {response.status}")
            yield from response.stream(PIECE)
        finally:
            response.close()

    def handle(self, environ: Environ, values: Mapping[str, Any]) -> Reply:
        """The service's answer to this request."""
        if f"/{values['rest']}" in HIDDEN:
            raise NotFound("no-such-address")
        expect_size(environ, BODY_LIMIT)
        address = environ["RAW_PATH_INFO"].removeprefix(f"/api/{self.name}")
        if environ.get("QUERY_STRING"):
            address += f"?{environ['QUERY_STRING']}"
        try:
            return _passed_back(self._send(environ, address), environ["REQUEST_METHOD"])
        except (NewConnectionError, ConnectTimeoutError):
            raise Unavailable("service-away", service=self.name) from None
        except ReadTimeoutError:
            raise TooSlow(service=self.name) from None
        except HTTPError:
            raise BadGateway(service=self.name) from None

    def _send(self, environ: Environ, address: str) -> BaseHTTPResponse:
        headers = _passed_on(environ)
        length = declared_length(environ)
        send = partial(
            self._pool.urlopen,
            environ["REQUEST_METHOD"],
            address,
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            timeout=self._patience,
        )
        if length is None or length > JSON_LIMIT:
            if length is not None:
                headers["Content-Length"] = str(length)
            pieces = iter(partial(Stream(environ, BODY_LIMIT).read, PIECE), b"")
            return send(body=pieces, headers=headers, chunked=length is None)
        body = read_bytes(environ, JSON_LIMIT) or None
        try:
            return send(body=body, headers=headers)
        except ProtocolError:
            # The service closed a kept connection just now; once more, where doing it twice does no harm.
            if environ["REQUEST_METHOD"] in ("GET", "HEAD") or "HTTP_IDEMPOTENCY_KEY" in environ:
                return send(body=body, headers=headers)
            raise


def _passed_on(environ: Environ) -> HTTPHeaderDict:
    """The request's headers for the service behind."""
    dropped = NOT_PASSED_ON | _named(environ.get("HTTP_CONNECTION", ""))
    headers = HTTPHeaderDict()
    for name, value in environ["headers_raw"]:
        if name.lower() not in dropped and "_" not in name:
            headers.add(name, value)
    headers.add("X-Forwarded-For", environ["REMOTE_ADDR"])
    headers["X-Forwarded-Host"] = environ.get("HTTP_HOST", "")
    headers["X-Forwarded-Proto"] = environ["wsgi.url_scheme"]
    headers["X-Request-Id"] = environ["whistle.trace"].correlation
    headers["traceparent"] = environ["whistle.trace"].traceparent
    return headers


def _passed_back(response: BaseHTTPResponse, method: str) -> Reply:
    """The service's answer for the caller."""
    length = response.headers.get("Content-Length", "")
    if response.status not in LINES or not (length.isdigit() or length == ""):
        response.close()
        raise BadGateway
    dropped = NOT_PASSED_BACK | _named(response.headers.get("Connection", ""))
    headers: Headers = tuple((name, value) for name, value in response.headers.items() if name.lower() not in dropped)
    whole = method == "HEAD" or (length and int(length) <= WHOLE)
    body = response.read(decode_content=False) if whole else _pieces(response)
    return Reply(response.status, body, response.headers.get("Content-Type", ""), headers)


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    whole = False
    try:
        yield from response.stream(PIECE, decode_content=False)
        whole = True
    finally:
        if whole:
            response.release_conn()
        else:
            response.close()


def _named(connection: str) -> frozenset[str]:
    """The headers that a Connection header declares to be for the next hop only."""
    return frozenset(name.strip().lower() for name in connection.split(","))


F = TypeVar("F", bound=Callable[..., Iterable[Upstream]])


def proxy() -> Callable[[F], F]:
    """Pass everything below `/api/<name>/` on to the upstreams that the decorated method names."""
    return _declare


def _declare(method: F) -> F:
    register_entrypoint(method, Proxy())
    return method


class Proxy(Door):
    """The addresses of the services behind."""

    def rules(self) -> Iterable[Rule]:
        """One address for each service; its upstream handles it."""
        for upstream in getattr(self.server.service, self.method_name)():
            yield Rule(f"/api/{upstream.name}/<path:rest>", endpoint=upstream)
