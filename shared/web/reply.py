"""What a door answers, and how it goes out."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from werkzeug.http import parse_etags

from shared.runtime import log

JSON = "application/json"
Headers = tuple[tuple[str, str], ...]

LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
BODILESS = (204, 304)
UNLESS_SAID: Headers = (
    ("Cache-Control", "no-store"),  # answers hold what only their reader may see
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body and headers; a query that answers with a file returns one, its body in pieces.

    A body in pieces needs its Content-Length among the headers, or goes out in chunks; it is closed at the end.
    """

    status: int
    body: bytes | Iterable[bytes] = b""
    content_type: str = JSON
    headers: Headers = ()


def keepable(body: bytes, *, public: bool) -> Reply:
    """An answer in JSON that its reader may keep, and asks about again: 304 without a body while it is the same.

    `public` when it is the same for everybody, so that what stands in between may keep it as well.
    """
    kept_by = "public" if public else "private"
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Reply(200, body, headers=(("ETag", etag), ("Cache-Control", f"{kept_by}, no-cache")))


def send(reply: Reply, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a WSGI request; a body in pieces is closed at the end, whatever happens."""
    if _is_known(reply, environ):
        _close(reply.body)
        reply = replace(reply, status=304, body=b"")
    said = {name.lower() for name, _ in reply.headers}
    headers = [*reply.headers, *(one for one in UNLESS_SAID if one[0].lower() not in said)]
    headers.append(("X-Request-Id", environ["whistle.trace"].correlation))
    if reply.body and reply.content_type:
        headers.append(("Content-Type", reply.content_type))
    if isinstance(reply.body, bytes) and reply.status not in BODILESS and "content-length" not in said:
        headers.append(("Content-Length", str(len(reply.body))))
    start_response(LINES[reply.status], headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        _close(reply.body)
        return ()
    if isinstance(reply.body, bytes):
        return (reply.body,)
    environ["eventlet.minimum_write_chunk_size"] = 0  # each piece goes out when it comes
    return _pieces(reply.body)


def _is_known(reply: Reply, environ: dict[str, Any]) -> bool:
    """Whether it is `keepable`, and the reader names it in If-None-Match. Other ETags are versions for If-Match."""
    headers = dict(reply.headers)
    if "no-cache" not in headers.get("Cache-Control", "") or reply.status != 200:
        return False
    return parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(headers.get("ETag", "").strip('"'))


def _pieces(body: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from body
    except Exception:
        log.get().error("answer broke off", exc_info=True)
        raise
    finally:
        _close(body)


def _close(body: object) -> None:
    close = getattr(body, "close", None)
    if close:
        close()
