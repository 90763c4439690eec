"""ISO base media files (mp4, mov, heic) are boxes within boxes (ISO/IEC 14496-12): walking them."""

from collections.abc import Iterator
from os import SEEK_END
from typing import BinaryIO, NamedTuple

# The brands by which a file names its content type; what names none of them is nothing that may be stored.
BRANDS = {
    "image/heic": {b"heic", b"heix", b"heim", b"heis"},
    "video/quicktime": {b"qt  "},
    "video/mp4": {b"M4V ", *b"isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 MSNV 3gp4 3gp5".split()},
}
MOST_SIBLINGS = 20_000  # boxes beside each other; no camera writes more, and a file must not keep us busy
LARGEST_TABLE = 16_000_000  # bytes of a box that is read as a whole


class Box(NamedTuple):
    """A box: its type, where it begins, where its content begins, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


class Table:
    """The numbers in a box's content, taken one after another; `ValueError` where it ends too early."""

    def __init__(self, file: BinaryIO, box: Box) -> None:
        if box.end - box.body > LARGEST_TABLE:
            raise ValueError(f"the table {box.kind!r} is too long")
        file.seek(box.body)
        self._bytes = file.read(box.end - box.body)
        self._at = 0

    def number(self, size: int) -> int:
        """The next `size` bytes as a number."""
        return int.from_bytes(self.raw(size), "big")

    def numbers(self, count: int, size: int) -> list[int]:
        """The next `count` numbers of `size` bytes each."""
        data = self.raw(count * size)
        return [int.from_bytes(data[at : at + size], "big") for at in range(0, len(data), size)]

    def raw(self, size: int) -> bytes:
        """The next `size` bytes."""
        taken = self._bytes[self._at : self._at + size]
        if len(taken) < size:
            raise ValueError("a table ends too early")
        self._at += size
        return taken


def content_type(head: bytes) -> str:
    """The content type that a file's first bytes name by their brands; "" for none that is known."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length, 4))]
    return next((type_ for brand in brands for type_, known in BRANDS.items() if brand in known), "")


def size_of(file: BinaryIO) -> int:
    """How many bytes the file has."""
    return file.seek(0, SEEK_END)


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes one after another between `start` and `end`; `ValueError` if they don't fill it exactly."""
    for _ in range(MOST_SIBLINGS):
        if start == end:
            return
        file.seek(start)
        head = file.read(16)
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), start + 16
        stop = end if size == 0 else start + size
        if not body <= stop <= end:
            raise ValueError(f"the box at {start} leaves its place")
        yield Box(head[4:8], start, body, stop)
        start = stop
    raise ValueError("too many boxes")


def inner(file: BinaryIO, box: Box, *path: bytes) -> Box:
    """The box that lies in this one along the path; `ValueError` if there is none."""
    for kind in path:
        box = next(found(file, box.body, box.end, kind), box)
        if box.kind != kind:
            raise ValueError(f"there is no {kind!r}")
    return box


def found(file: BinaryIO, start: int, end: int, *kinds: bytes) -> Iterator[Box]:
    """The boxes of these types between `start` and `end`."""
    return (box for box in boxes(file, start, end) if box.kind in kinds)
