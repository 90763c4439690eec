"""The door for files: a body streamed into the store, and a file streamed out of it.

Hashing, looking at and fetching files happens in real threads, so that a service goes on answering meanwhile.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, ParamSpec, TypeVar
from urllib.parse import quote

from eventlet import patcher, tpool

from shared.errors import Invalid
from shared.store.files import Files, Reception, Stored
from shared.store.kinds import allowed_kinds
from shared.web.body import Stream
from shared.web.refusals import WrongMediaType
from shared.web.reply import Reply

# What an upload's route takes: the sender's Content-Type decides nothing.
FILE_KINDS = ("application/octet-stream", "application/*", "image/*", "video/*")
FILE_LIMIT = max(kind.limit for kind in allowed_kinds().values())  # bytes

PIECE = 1 << 20  # bytes that go through a thread at once
LONGEST_NAME = 120
UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')

P = ParamSpec("P")
T = TypeVar("T")


def off_hub(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something heavy in a real thread where eventlet runs this process, else right here."""
    if patcher.is_monkey_patched("thread"):
        result: T = tpool.execute(function, *args, **kwargs)
        return result
    return function(*args, **kwargs)


def take_in(files: Files, stream: Stream) -> Stored:
    """Stream a request's body into the store; when this returns it is on disk for good.

    `TooLarge` beyond the limit, `WrongMediaType` ("wrong-kind-of-file") for what it is by its content, whatever the
    request says.
    """
    with files.receive() as reception:
        while piece := _piece(stream):
            off_hub(reception.write, piece)
        return _kept(reception)


def _kept(reception: Reception) -> Stored:
    try:
        return off_hub(reception.keep)
    except Invalid as error:
        raise WrongMediaType(error.slug, fields=None, **error.facts) from None


def _piece(stream: Stream) -> bytes:
    """About `PIECE` bytes, or what is left."""
    taken = bytearray()
    while len(taken) < PIECE and (some := stream.read(PIECE - len(taken))):
        taken += some
    return bytes(taken)


def safe_name(said: str) -> str:
    """A file's name as the sender says it, made harmless: no folders, nothing invisible, no more than its end."""
    return UNSAFE_IN_NAMES.sub("_", said).strip(" ._")[-LONGEST_NAME:]


def give_out(files: Files, stored: Stored, name: str = "", *, original: bool = True) -> Reply:
    """Answer with a file: the original bytes, or the rendition without personal metadata.

    It is always offered for saving, under its own kind's ending, and never kept by a shared cache.
    """
    opened = off_hub(files.open, stored.sha256) if original else off_hub(files.open_clean, stored)
    size = opened.seek(0, 2)
    opened.seek(0)
    headers = (
        ("Content-Length", str(size)),
        ("Content-Disposition", disposition(name or stored.sha256[:12], stored.content_type)),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("Cache-Control", "private, no-store"),
    )
    return Reply(200, Pieces(opened), stored.content_type, headers)


def disposition(name: str, content_type: str) -> str:
    """`attachment` with the file's name (RFC 6266, RFC 8187), its ending that of what the file is."""
    kind = allowed_kinds().get(content_type)
    ending = kind.ending if kind else ""
    full = name if name.lower().endswith(ending) else name + ending
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", full)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"


class Pieces:
    """An open file as a body in pieces; the door closes it at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while piece := off_hub(self._file.read, PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()
