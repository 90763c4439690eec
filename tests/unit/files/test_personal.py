"""Where place, time and camera stand in clips and phone pictures, in each of the forms that cameras write."""

import io

import pytest

from shared.store import boxes, personal
from tests.support.samples import HOME, box, numbers

HEAD = box(b"ftyp", b"isom", numbers(4, 0))


def handler(kind: bytes) -> bytes:
    """What a track is for."""
    return box(b"hdlr", numbers(4, 0, 0), kind, bytes(13))


def track(*tables: bytes, kind: bytes = b"meta") -> bytes:
    """A track with these tables of samples."""
    return box(b"trak", box(b"mdia", handler(kind), box(b"minf", box(b"stbl", *tables))))


def blanked(content: bytes, content_type: str = "video/mp4") -> bytes:
    """The file without what is personal; it must have been whole."""
    file = io.BytesIO(content)
    assert personal.is_whole(file, content_type)
    personal.blank(file, content_type)
    assert len(file.getvalue()) == len(content)
    return file.getvalue()


def test_samples_in_several_chunks_of_different_lengths_are_blanked() -> None:
    """Two chunks of two samples, then one of one; only those bytes."""
    samples = [b"GPS-ONE.", b"GPS-TWO", b"GPS-3", b"GPS-FOUR", b"GPS-FIVE!"]
    chunks = [samples[0] + samples[1], samples[2] + samples[3], samples[4]]
    body = b"KEEP".join(chunks) + b"KEEP"
    at = [len(HEAD) + 8 + body.index(chunk) for chunk in chunks]
    tables = (
        box(b"stsc", numbers(4, 0, 2, 1, 2, 1, 3, 1, 1)),
        box(b"stsz", numbers(4, 0, 0, 5, *map(len, samples))),
        box(b"stco", numbers(4, 0, 3, *at)),
    )
    shown = blanked(HEAD + box(b"mdat", body) + box(b"moov", track(*tables)))
    assert b"GPS" not in shown
    assert shown.count(b"KEEP") == 3


def test_chunks_beyond_four_gigabytes_are_found_by_their_long_offsets() -> None:
    """co64 instead of stco, and samples of one constant size."""
    at = len(HEAD) + 8
    tables = (
        box(b"stsc", numbers(4, 0, 1, 1, 2, 1)),
        box(b"stsz", numbers(4, 0, 4, 2)),
        box(b"co64", numbers(4, 0, 1), numbers(8, at)),
    )
    shown = blanked(HEAD + box(b"mdat", b"GPS1GPS2KEEP") + box(b"moov", track(*tables)))
    assert b"GPS" not in shown
    assert b"KEEP" in shown


def test_descriptions_of_tracks_fragments_and_the_file_itself_are_blanked() -> None:
    """Wherever cameras put them."""
    words = (box(b"udta", HOME), box(b"meta", HOME), box(b"uuid", HOME))
    inner_track = box(b"trak", box(b"mdia", handler(b"vide")), words[0])
    content = HEAD + words[2] + box(b"moov", words[1], inner_track) + box(b"moof", box(b"traf", words[1])) + words[1]
    shown = blanked(content)
    assert content.count(HOME) == 5
    assert HOME not in shown
    assert shown.count(b"free") == 5


def test_long_boxes_and_a_last_box_without_a_length_are_walked() -> None:
    """A size of 1 means that the real one follows in eight bytes, 0 that the box goes on to the end."""
    long = numbers(4, 1) + b"udta" + numbers(8, 16 + len(HOME)) + HOME
    movie = box(b"moov", handler(b"vide"))
    endless = numbers(4, 0) + b"udta" + HOME
    shown = blanked(HEAD + movie + long + endless)
    assert HOME not in shown


def picture(items: bytes, location: bytes, *more: bytes) -> bytes:
    """A phone picture with these tables of items."""
    return box(b"ftyp", b"heic", numbers(4, 0)) + box(b"meta", numbers(4, 0), items, location, *more)


def entry(number: int, kind: bytes, version: int = 2) -> bytes:
    """An item's entry."""
    size = 4 if version == 3 else 2
    return box(b"infe", numbers(4, version << 24), numbers(size, number), numbers(2, 0), kind, b"\0")


def test_an_item_among_the_picture_s_own_data_is_blanked() -> None:
    """Its place counts from the box of data, in version 1 with index and base."""
    items = box(b"iinf", numbers(4, 1 << 24), numbers(4, 2), entry(1, b"hvc1", 3), entry(2, b"mime", 3))
    location = box(
        b"iloc",
        numbers(4, 1 << 24),
        b"\x44\x44",
        numbers(2, 1),
        numbers(2, 2, 1, 0),
        numbers(4, 2),
        numbers(2, 1),
        numbers(4, 0, 2, len(HOME)),
    )
    shown = blanked(picture(items, location, box(b"idat", b"KEEP" + HOME + b"KEEP")), "image/heic")
    assert HOME not in shown
    assert b"KEEP" + bytes(len(HOME)) + b"KEEP" in shown


def test_a_picture_without_personal_items_stays_as_it_is() -> None:
    """Nothing to blank."""
    content = picture(box(b"iinf", numbers(4, 0), numbers(2, 1), entry(1, b"hvc1")), box(b"iloc", bytes(8)))
    assert blanked(content, "image/heic") == content


@pytest.mark.parametrize(
    "place", [numbers(2, 2, 0, 1, 0, 0), numbers(2, 2, 0, 1, 0, 9999)], ids=["without a length", "beyond the end"]
)
def test_a_picture_whose_personal_item_cannot_be_blanked_is_not_whole(place: bytes) -> None:
    """It would be refused at the door."""
    items = box(b"iinf", numbers(4, 0), numbers(2, 1), entry(2, b"Exif"))
    location = box(b"iloc", numbers(4, 0), b"\x22\x00", numbers(2, 1), place)
    assert not personal.is_whole(io.BytesIO(picture(items, location)), "image/heic")


def test_an_item_that_lies_in_another_item_is_not_whole() -> None:
    """Construction method 2 is nothing that could be overwritten."""
    items = box(b"iinf", numbers(4, 0), numbers(2, 1), entry(2, b"Exif"))
    location = box(b"iloc", numbers(4, 1 << 24), b"\x22\x00", numbers(2, 1), numbers(2, 2, 2, 0, 1, 0, 4))
    assert not personal.is_whole(io.BytesIO(picture(items, location)), "image/heic")


def test_a_table_longer_than_any_camera_writes_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be read as a whole."""
    monkeypatch.setattr(boxes, "LARGEST_TABLE", 8)
    content = HEAD + box(b"mdat", b"GPS") + box(b"moov", track(kind=b"meta"))
    assert not personal.is_whole(io.BytesIO(content), "video/mp4")


@pytest.mark.parametrize("brand", [b"mif1", b"avif", b"jp2 ", b""])
def test_unknown_brands_name_no_content_type(brand: bytes) -> None:
    """Nor does a head that ends too early."""
    assert boxes.content_type(box(b"ftyp", brand)) == ""
