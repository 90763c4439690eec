"""A file is what its content is, whatever its name says."""

import io

import pytest
from PIL import Image

from shared.errors import Invalid
from shared.store.kinds import allowed_kinds, tell_kind
from tests.support import samples

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

WHOLE = {
    "image/jpeg": samples.photo(),
    "image/png": samples.photo(decoder="PNG"),
    "image/webp": samples.photo(decoder="WEBP"),
    "image/heic": samples.heic(),
    "video/mp4": samples.clip(),
    "video/quicktime": samples.clip(b"qt  "),
    "application/pdf": samples.PDF,
    WORD: samples.word(),
}

CUT_OFF = {
    "photo": samples.photo()[:100],
    "png": samples.photo(decoder="PNG")[:20],
    "heic": samples.heic()[:-1],
    "clip": samples.clip()[:-1],
    "clip without its movie": samples.box(b"ftyp", b"isom", samples.numbers(4, 0)) + samples.box(b"mdat", b"x" * 50),
    "document": samples.word()[:-30],
}


def gif() -> bytes:
    """A picture of a kind that is not allowed."""
    into = io.BytesIO()
    Image.new("P", (8, 8)).save(into, "GIF")
    return into.getvalue()


REFUSED = {
    "nothing": b"",
    "text": "居民反映漏水".encode(),
    "a web page": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + bytes(200),
    "a picture of another kind": gif(),
    "an avif picture": samples.box(b"ftyp", b"avif", samples.numbers(4, 0), b"avif") + samples.box(b"meta", bytes(4)),
    "a zip of something else": samples.word().replace(b"word/document", b"text/document"),
    "a document with macros": samples.word(macros=True),
}


@pytest.mark.parametrize("content_type", WHOLE)
def test_every_allowed_kind_is_told_by_its_content(content_type: str) -> None:
    """Each sample is recognised as exactly its own kind."""
    assert tell_kind(io.BytesIO(WHOLE[content_type]), allowed_kinds()).content_type == content_type


def test_there_is_a_sample_of_every_allowed_kind() -> None:
    """A kind added to the table must be recognised here."""
    assert WHOLE.keys() == allowed_kinds().keys()


@pytest.mark.parametrize("name", REFUSED)
def test_other_content_is_refused_with_what_is_allowed(name: str) -> None:
    """The refusal says what may be sent."""
    with pytest.raises(Invalid) as refusal:
        tell_kind(io.BytesIO(REFUSED[name]), allowed_kinds())
    assert refusal.value.slug == "wrong-kind-of-file"
    assert "image/jpeg" in str(refusal.value.facts["allowed"])


@pytest.mark.parametrize("name", CUT_OFF)
def test_what_only_begins_like_an_allowed_kind_is_refused(name: str) -> None:
    """A file whose structure is not there cannot be read, nor cleaned later."""
    with pytest.raises(Invalid):
        tell_kind(io.BytesIO(CUT_OFF[name]), allowed_kinds())


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    """A small file can claim to be an enormous picture, which no service could draw."""
    into = io.BytesIO()
    Image.new("1", (10_000, 8_001)).save(into, "PNG")
    with pytest.raises(Invalid):
        tell_kind(into, allowed_kinds())


def test_a_kind_may_be_left_out_of_the_table() -> None:
    """What is allowed is data: without its row a photo is refused."""
    with pytest.raises(Invalid):
        tell_kind(io.BytesIO(samples.photo()), {"application/pdf": allowed_kinds()["application/pdf"]})


DAMAGE = {
    "a box longer than the file": lambda clip: b"\x00\x00\xff\xff" + clip[4:],
    "a box shorter than its head": lambda clip: clip[:20] + b"\x00\x00\x00\x04" + clip[24:],
    "no table of chunks": lambda clip: clip.replace(b"stsc", b"skip"),
    "no handler": lambda clip: clip.replace(b"hdlr", b"skip"),
    "samples beyond the end": lambda clip: clip[: clip.rindex(b"stco") + 12] + b"\x7f\xff\xff\xff",
    "more samples than the table has": lambda clip: (
        clip[: clip.rindex(b"stsz") + 12] + b"\xff" * 4 + clip[clip.rindex(b"stsz") + 16 :]
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_clip_whose_positions_could_not_be_blanked_is_refused(name: str) -> None:
    """What cannot be cleaned is not taken in, so that nobody ever gets it uncleaned."""
    damaged = DAMAGE[name](samples.clip())
    assert damaged != samples.clip()
    with pytest.raises(Invalid):
        tell_kind(io.BytesIO(damaged), allowed_kinds())


def test_a_clip_of_very_many_boxes_is_refused() -> None:
    """A file must not keep a service busy."""
    with pytest.raises(Invalid):
        tell_kind(io.BytesIO(samples.clip() + samples.box(b"free") * 20_001), allowed_kinds())
