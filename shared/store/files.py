"""Where attachments and evidence lie: by the SHA-256 of their content, in a directory or wherever fsspec reaches."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from msgspec import Struct

from shared.errors import NotFound, TooLarge
from shared.store.cleaning import clean
from shared.store.kinds import Kind, allowed_kinds, tell_kind

DIGEST = re.compile("[0-9a-f]{64}")
INCOMING, ORIGINALS, RENDITIONS = "incoming", "originals", "renditions"
FOLDERS = (ORIGINALS, RENDITIONS)


class Stored(Struct, frozen=True):
    """A file that lies safely in the store: `sha256` in hex, `size` in bytes, what it is by its content."""

    sha256: str
    size: int
    content_type: str


class Files:
    """A store of files that never change.

    `place` is a directory (a mounted share too) or the URL of a synchronous fsspec file system; `ValueError` for an
    asynchronous one such as s3fs, whose event loop stands still beside eventlet's.
    """

    def __init__(self, place: str, allowed: Mapping[str, Kind] | None = None) -> None:
        self._fs, self._root = url_to_fs(place)
        if self._fs.async_impl:
            raise ValueError(f"files cannot lie at {place}: mount it as a directory")
        self._allowed = allowed or allowed_kinds()
        self._local = isinstance(self._fs, LocalFileSystem)
        # What arrives is renamed into its place, so that it must begin on the same disk.
        self._incoming = Path(self._root, INCOMING) if self._local else Path(tempfile.gettempdir(), "whistle-incoming")

    @property
    def limit(self) -> int:
        """The most bytes that a file of any kind may have."""
        return max(kind.limit for kind in self._allowed.values())

    @contextmanager
    def receive(self) -> Iterator["Reception"]:
        """Take a file in, chunk by chunk; what is not kept is gone at the end."""
        with self._temporary() as file:
            yield Reception(file, self.limit, self._allowed, self._keep_original)

    def open(self, sha256: str) -> BinaryIO:
        """The original bytes, for reading; `NotFound` if they are not here."""
        return self._open(self._path(ORIGINALS, sha256))

    def open_clean(self, stored: Stored) -> BinaryIO:
        """A rendition without personal metadata, for reading, made when it is first asked for (see `can_clean`)."""
        path = self._path(RENDITIONS, stored.sha256)
        if not self._fs.exists(path):
            with self.open(stored.sha256) as original, self._temporary() as file:
                clean(original, stored.content_type, file)
                self._keep(file, path)
        return self._open(path)

    def written(self, before: datetime) -> set[str]:
        """The digests of the files that were written before this time."""
        return {path.rpartition("/")[2] for folder in FOLDERS for path in self._old(folder, before)}

    def remove(self, digests: Collection[str], before: datetime) -> int:
        """Remove these files and their renditions, but for what was sent again since `before`; how many."""
        gone = 0
        for path in [self._path(folder, digest) for folder in FOLDERS for digest in digests]:
            if self._fs.exists(path) and self._fs.modified(path) < before:
                self._fs.rm_file(path)
                gone += 1
        return gone

    def remove_interrupted(self, before: datetime) -> int:
        """Remove what uploads that never ended left before this time; how many."""
        left = [path for path in self._incoming.glob("*") if path.stat().st_mtime < before.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _old(self, folder: str, before: datetime) -> Iterator[str]:
        for path in self._fs.find(f"{self._root}/{folder}"):
            if self._fs.modified(path) < before:
                yield path

    @contextmanager
    def _temporary(self) -> Iterator[BinaryIO]:
        self._incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
            try:
                yield cast("BinaryIO", file)
            finally:
                Path(file.name).unlink(missing_ok=True)

    def _path(self, folder: str, sha256: str) -> str:
        if not DIGEST.fullmatch(sha256):
            raise NotFound("file-missing", sha256=sha256)
        return f"{self._root}/{folder}/{sha256[:2]}/{sha256}"

    def _open(self, path: str) -> BinaryIO:
        try:
            return cast("BinaryIO", self._fs.open(path, "rb"))
        except FileNotFoundError:
            raise NotFound("file-missing", sha256=path.rpartition("/")[2]) from None

    def _keep_original(self, file: BinaryIO, sha256: str) -> None:
        self._keep(file, self._path(ORIGINALS, sha256))

    def _keep(self, file: BinaryIO, path: str) -> None:
        """Put a finished temporary file into its place at once: nobody ever sees half of it."""
        file.flush()
        if not self._local:
            self._fs.put_file(file.name, path)
            return
        os.fsync(file.fileno())
        folder = Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        Path(file.name).replace(path)
        _fsync_directory(folder)
        _fsync_directory(folder.parent)


class Reception:
    """A file on its way in: hashed and counted while it is written."""

    def __init__(
        self, file: BinaryIO, limit: int, allowed: Mapping[str, Kind], keep: Callable[[BinaryIO, str], None]
    ) -> None:
        self._file, self._limit, self._allowed, self._keep = file, limit, allowed, keep
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes; `TooLarge` beyond what any kind may have."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(limit=self._limit)
        self._hash.update(chunk)
        self._file.write(chunk)

    def keep(self) -> Stored:
        """Look at what it is and keep it: on disk for good when this returns.

        `Invalid("wrong-kind-of-file")` for what is not allowed, `TooLarge` beyond its kind's limit.
        """
        self._file.flush()
        kind = tell_kind(self._file, self._allowed)
        if self._size > kind.limit:
            raise TooLarge(limit=kind.limit)
        digest = self._hash.hexdigest()
        self._keep(self._file, digest)
        return Stored(digest, self._size, kind.content_type)


def _fsync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
