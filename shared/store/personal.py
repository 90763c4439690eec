"""Where in a clip (mp4, mov) or a heic picture it is written when, where and by whom it was taken.

Those bytes are overwritten in place (`blank`), so that every offset in the file stays true; nothing is decoded.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from shared.store.boxes import Box, Table, boxes, found, inner, size_of

PARTS = ({b"moov", b"moof"}, {b"trak", b"traf"}, set[bytes]())  # what is walked into, from the file's own boxes inwards
DESCRIPTIONS = {b"udta", b"meta", b"uuid"}
SEEN_AND_HEARD = {b"vide", b"soun"}  # any other track may hold positions, such as those of action and dashboard cameras
PERSONAL_ITEMS = {b"Exif", b"mime", b"uri "}
ZEROS = bytes(65_536)


class Span(NamedTuple):
    """Bytes to overwrite; those of a whole box with its type's place, so that it becomes free space."""

    start: int
    end: int
    type_at: int | None = None


def is_whole(file: BinaryIO, content_type: str) -> bool:
    """Whether the file is made of boxes throughout, and what would have to be blanked can be found."""
    try:
        kinds = {box.kind for box in boxes(file, 0, size_of(file))}
        spans = list(spans_of(file, content_type))
    except ValueError:
        return False
    wanted = b"meta" if content_type == "image/heic" else b"moov"
    return wanted in kinds and all(span.end <= size_of(file) for span in spans)


def blank(file: BinaryIO, content_type: str) -> None:
    """Overwrite what is personal in this file; it must be open for reading and writing."""
    for span in list(spans_of(file, content_type)):
        if span.type_at is not None:
            file.seek(span.type_at)
            file.write(b"free")
        file.seek(span.start)
        for at in range(span.start, span.end, len(ZEROS)):
            file.write(ZEROS[: span.end - at])


def spans_of(file: BinaryIO, content_type: str) -> Iterator[Span]:
    """The bytes that may tell when, where and by whom it was taken."""
    if content_type == "image/heic":
        for meta in found(file, 0, size_of(file), b"meta"):
            yield from _items(file, meta)
    else:
        yield from _in_clip(file, 0, size_of(file))


def _in_clip(file: BinaryIO, start: int, end: int, depth: int = 0) -> Iterator[Span]:
    for box in boxes(file, start, end):
        if box.kind in DESCRIPTIONS:
            yield _whole(box)
        elif box.kind == b"trak" and _handler(file, box) not in SEEN_AND_HEARD:
            yield from _samples(file, inner(file, box, b"mdia", b"minf", b"stbl"))
            yield _whole(box)
        elif box.kind in PARTS[depth]:
            yield from _in_clip(file, box.body, box.end, depth + 1)


def _whole(box: Box) -> Span:
    return Span(box.body, box.end, type_at=box.start + 4)


def _handler(file: BinaryIO, track: Box) -> bytes:
    table = Table(file, inner(file, track, b"mdia", b"hdlr"))
    table.raw(8)
    return table.raw(4)


def _samples(file: BinaryIO, stbl: Box) -> Iterator[Span]:
    """A track's chunks of samples, from its table of chunk offsets, samples to a chunk and sample sizes."""
    starts = [
        start
        for box in found(file, stbl.body, stbl.end, b"stco", b"co64")
        for start in _counted(Table(file, box), 4 if box.kind == b"stco" else 8)
    ]
    runs = _counted(Table(file, inner(file, stbl, b"stsc")), 12)
    sizes = Table(file, inner(file, stbl, b"stsz"))
    sizes.raw(4)
    each, count = sizes.number(4), sizes.number(4)
    lengths = [] if each else sizes.numbers(count, 4)
    sample, run = 0, -1
    for index, start in enumerate(starts, 1):
        while run + 1 < len(runs) and runs[run + 1] >> 64 <= index:
            run += 1
        if run < 0:
            raise ValueError("a chunk of no known length")
        samples = runs[run] >> 32 & 0xFFFFFFFF
        yield Span(start, start + (samples * each or sum(lengths[sample : sample + samples])))
        sample += samples


def _counted(table: Table, size: int) -> list[int]:
    table.raw(4)
    return table.numbers(table.number(4), size)


def _items(file: BinaryIO, meta: Box) -> Iterator[Span]:
    """Where the personal items of a picture lie (ISO/IEC 14496-12, 8.11)."""
    inside = meta._replace(body=meta.body + 4)
    personal = set(_personal_items(file, inner(file, inside, b"iinf")))
    if not personal:
        return
    table = Table(file, inner(file, inside, b"iloc"))
    version = table.number(1)
    table.raw(3)
    sizes, bases = table.number(1), table.number(1)
    wide = 4 if version == 2 else 2
    for _ in range(table.number(wide)):
        item = table.number(wide)
        method = table.number(2) & 15 if version else 0
        table.raw(2)
        base = table.number(bases >> 4)
        for _ in range(table.number(2)):
            table.raw(bases & 15 if version else 0)
            start, length = base + table.number(sizes >> 4), table.number(sizes & 15)
            if item in personal:
                yield _extent(file, inside, method, start, length)


def _personal_items(file: BinaryIO, iinf: Box) -> Iterator[int]:
    file.seek(iinf.body)
    head = 6 if file.read(1) == b"\0" else 8
    for entry in boxes(file, iinf.body + head, iinf.end):
        table = Table(file, entry)
        version = table.number(1)
        table.raw(3)
        item = table.number(4 if version == 3 else 2)
        table.raw(2)
        if table.raw(4) in PERSONAL_ITEMS:
            yield item


def _extent(file: BinaryIO, meta: Box, method: int, start: int, length: int) -> Span:
    if not length or method > 1:
        raise ValueError("a personal item lies where it cannot be blanked")
    if method == 1:
        start += inner(file, meta, b"idat").body
    return Span(start, start + length)
