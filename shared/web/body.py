"""The bytes of a request's body: how many, of which kind, and as a stream that knows its limit."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from eventlet.wsgi import ChunkReadError

from shared.errors import TooLarge
from shared.web.refusals import Malformed, WrongMediaType

Environ = Mapping[str, Any]

JSON = ("application/json",)
JSON_LIMIT = 256 * 1024
PIECE = 64 * 1024


def declared_length(environ: Environ) -> int | None:
    """How many bytes are announced; None for a body in chunks, 0 without a body."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    said = environ.get("CONTENT_LENGTH") or "0"
    return int(said)  # eventlet has refused what is not a natural number


def expect_size(environ: Environ, limit: int) -> None:
    """Refuse a body that announces to be over the limit, before a byte of it is read."""
    length = declared_length(environ)
    if length is not None and length > limit:
        raise TooLarge(limit=limit)


def expect_kind(environ: Environ, kinds: Sequence[str]) -> None:
    """Refuse a body whose Content-Type is none of these; `image/*` stands for every image."""
    said = media_type(environ)
    if not any(said == kind or (kind.endswith("/*") and said.startswith(kind[:-1])) for kind in kinds):
        raise WrongMediaType(expected=", ".join(kinds))


def media_type(environ: Environ) -> str:
    """The Content-Type without its parameters."""
    said: str = environ.get("CONTENT_TYPE") or ""
    return said.partition(";")[0].strip().lower()


def read_bytes(environ: Environ, limit: int) -> bytes:
    """The whole body, at most `limit` bytes."""
    length = declared_length(environ)
    if length == 0:
        return b""
    whole: bytes = Stream(environ, limit).read() if length is None else environ["wsgi.input"].read(length)
    return whole


class Stream:
    """A body that is read piece by piece and refuses what goes over its limit; `hashing`, it knows what it gave.

    `length` is what the caller announced, or None; `content_type` is the media type without parameters.
    """

    def __init__(self, environ: Environ, limit: int, *, hashing: bool = False) -> None:
        self._input = environ["wsgi.input"]
        self._limit = limit
        self._hash = hashlib.sha256() if hashing else None
        self.length = declared_length(environ)
        self.content_type = media_type(environ)
        self.received = 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, b"" at the end; all of it for a negative size."""
        if self.length == 0:
            return b""
        if size < 0:
            return b"".join(iter(lambda: self.read(PIECE), b""))
        try:
            piece: bytes = self._input.read(size)
        except ChunkReadError:
            raise Malformed from None
        self.received += len(piece)
        if self.received > self._limit:
            raise TooLarge(limit=self._limit)
        if not piece and self.length is not None and self.received < self.length:
            raise Malformed  # the caller went away in the middle
        if self._hash:
            self._hash.update(piece)
        return piece

    def digest(self) -> bytes:
        """SHA-256 of what was read so far; b"" unless it hashes."""
        return self._hash.digest() if self._hash else b""
