"""A rendition shows what the original shows, and nothing of when, where and by whom it was taken."""

import io

import pytest
from PIL import Image

from shared.errors import NotFound
from shared.store.cleaning import LONGEST_SIDE, can_clean, clean
from shared.store.kinds import allowed_kinds
from tests.support import samples


def rendition(original: bytes, content_type: str) -> bytes:
    """The clean rendition's bytes."""
    into = io.BytesIO()
    clean(io.BytesIO(original), content_type, into)
    return into.getvalue()


@pytest.mark.parametrize(
    ("decoder", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_photo_loses_its_exif_and_keeps_its_kind(decoder: str, content_type: str) -> None:
    """The original tells camera and position; the rendition has no EXIF at all."""
    original = samples.photo(decoder=decoder)
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(samples.GPS)
    shown = Image.open(io.BytesIO(rendition(original, content_type)))
    assert (shown.format, shown.size) == (decoder, (64, 48))
    assert dict(shown.getexif()) == {}
    assert samples.CAMERA.encode() not in rendition(original, content_type)


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    """Without its EXIF nobody would know how to turn it."""
    shown = Image.open(io.BytesIO(rendition(samples.photo(orientation=6), "image/jpeg")))
    assert shown.size == (48, 64)


def test_a_large_photo_is_made_smaller() -> None:
    """Its longest side is bounded, and so is the memory that drawing takes."""
    shown = Image.open(io.BytesIO(rendition(samples.photo(size=(4000, 3000)), "image/jpeg")))
    assert shown.size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_pictures_of_every_mode_keep_their_colours(mode: str) -> None:
    """Scanners and phones write more than plain colour."""
    original = io.BytesIO()
    Image.new("RGB", (20, 10), "orange").convert(mode).save(original, "PNG")
    shown = Image.open(io.BytesIO(rendition(original.getvalue(), "image/png")))
    assert shown.convert("RGB").getpixel((3, 3)) == Image.open(original).convert("RGB").getpixel((3, 3))


def test_a_photo_that_cannot_be_drawn_is_refused() -> None:
    """Received as evidence it stays in the store; a rendition of it there is not."""
    original = samples.photo(size=(640, 480))
    with pytest.raises(NotFound) as refusal:
        rendition(original[:-200], "image/jpeg")
    assert refusal.value.slug == "photo-damaged"


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_a_clip_loses_its_description_and_its_track_of_positions(brand: bytes) -> None:
    """Every place where the position stood is blank; the picture and every offset stay."""
    original = samples.clip(brand)
    shown = rendition(original, "video/mp4")
    assert original.count(samples.HOME) == 2
    assert samples.HOME not in shown
    assert b"udta" not in shown
    assert len(shown) == len(original)
    assert shown.index(b"PICTURE") == original.index(b"PICTURE")


def test_a_phone_picture_loses_its_exif_item() -> None:
    """The item's bytes are blank; the pixels stay where they were."""
    original = samples.heic()
    shown = rendition(original, "image/heic")
    assert samples.HOME in original
    assert samples.HOME not in shown
    assert samples.CAMERA.encode() not in shown
    assert shown.index(b"PIXELS") == original.index(b"PIXELS")


def test_photos_and_clips_can_be_cleaned_and_documents_cannot() -> None:
    """What a document says about people is its content."""
    assert {kind.kind for kind in allowed_kinds().values() if can_clean(kind.content_type)} == {"photo", "clip"}
