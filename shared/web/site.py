"""A built web page and all that belongs to it, served from memory: small, compressed once, cached by its readers."""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any, TypeVar

from nameko.extensions import register_entrypoint
from werkzeug.http import parse_accept_header
from werkzeug.routing import Rule

from shared.errors import NotFound
from shared.web.body import Environ
from shared.web.door import Door
from shared.web.reply import Headers, Reply

FOR_EVER = "public, max-age=31536000, immutable"  # what lies in assets/ is named after its content
ASK_AGAIN = "no-cache"
WORTH_BYTES = 1024  # below, compressing gains nothing
TEXT = frozenset({"application/json", "application/manifest+json", "image/svg+xml"})
TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}  # whatever the machine's table says
PAGE = "index.html"
# The page runs what it brings and asks where it comes from. Styles in elements are how its widgets are placed; workers
# from a blob are how the map is drawn.
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
GUARDED: Headers = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same compressed where that pays, and how long its readers may keep it."""

    body: bytes
    packed: bytes | None
    content_type: str
    etag: str
    keeping: str


class Site:
    """The files below a directory, read once; none if it has not been built."""

    def __init__(self, directory: Path) -> None:
        self._assets = {path.relative_to(directory).as_posix(): _read(path, directory) for path in _files(directory)}

    def find(self, path: str) -> Asset:
        """The file; for an address inside the page, such as /cases/…, the page itself. `NotFound` else."""
        found = self._assets.get(path)
        if found is None and _inside(path):
            found = self._assets.get(PAGE)
            if found is None:
                raise NotFound("page-not-built")
        if found is None:
            raise NotFound("no-such-address")
        return found


F = TypeVar("F", bound=Callable[..., Site])


def site() -> Callable[[F], F]:
    """Serve the site that the decorated method names at every address that nobody else has."""
    return _declare


def _declare(method: F) -> F:
    register_entrypoint(method, Pages())
    return method


class Pages(Door):
    """Every address that no other door has."""

    operation = "site"

    def rules(self) -> Iterable[Rule]:
        """All that is left."""
        yield Rule("/", methods=["GET"], endpoint=self, defaults={"path": PAGE})
        yield Rule("/<path:path>", methods=["GET"], endpoint=self)

    def handle(self, environ: Environ, values: dict[str, Any]) -> Reply:
        """The file."""
        found: Asset = getattr(self.server.service, self.method_name)().find(values["path"])
        return answer(found, environ)


def _files(directory: Path) -> Iterable[Path]:
    return (path for path in directory.rglob("*") if path.is_file()) if directory.is_dir() else ()


def _read(path: Path, directory: Path) -> Asset:
    body = path.read_bytes()
    kind = TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in TEXT
    packed = gzip.compress(body, 9, mtime=0) if text and len(body) >= WORTH_BYTES else None
    named_after_content = path.relative_to(directory).parts[0] == "assets"
    return Asset(
        body,
        packed,
        f"{kind}; charset=utf-8" if text else kind,
        f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        FOR_EVER if named_after_content else ASK_AGAIN,
    )


def _inside(path: str) -> bool:
    """Whether an address is the page's own to understand: no API's, and no file's."""
    first, _, _ = path.partition("/")
    return first not in ("api", "assets", "problems") and "." not in path.rpartition("/")[2]


def answer(asset: Asset, environ: Environ) -> Reply:
    """The file as this reader takes it."""
    headers: Headers = (("ETag", asset.etag), ("Cache-Control", asset.keeping), ("Vary", "Accept-Encoding"), *GUARDED)
    if asset.packed and parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", "")).quality("gzip") > 0:
        return Reply(200, asset.packed, asset.content_type, (("Content-Encoding", "gzip"), *headers))
    return Reply(200, asset.body, asset.content_type, headers)
