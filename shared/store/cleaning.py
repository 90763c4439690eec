"""Renditions of files without what tells when, where and by whom they were taken; the originals stay as they are."""

import shutil
from typing import BinaryIO

from PIL import Image, ImageOps

from shared.errors import NotFound
from shared.store import personal
from shared.store.kinds import IMAGES

LONGEST_SIDE = 2560  # pixels: enough to read a sign on a wall, and bounded memory for the decoder


def can_clean(content_type: str) -> bool:
    """Whether a clean rendition can be made: of photos and clips; what a document says of people is its content."""
    return content_type.startswith(("image/", "video/"))


def clean(original: BinaryIO, content_type: str, into: BinaryIO) -> None:
    """Write a rendition without personal metadata; `into` must be open for reading and writing.

    A photo is drawn anew, upright, at most `LONGEST_SIDE` wide or high; a clip or heic picture has those bytes blanked.
    `NotFound("photo-damaged")` for a photo that cannot be drawn.
    """
    if content_type in IMAGES:
        _draw(original, IMAGES[content_type], into)
        return
    shutil.copyfileobj(original, into, 1 << 20)
    personal.blank(into, content_type)


def _draw(original: BinaryIO, decoder: str, into: BinaryIO) -> None:
    with Image.open(original, formats=[decoder]) as image:
        try:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            image.load()
        except (OSError, SyntaxError, ValueError):
            raise NotFound("photo-damaged") from None
        drawn = ImageOps.exif_transpose(image)
        if drawn.mode == "P":
            drawn = drawn.convert("RGBA")
        bare = Image.new(drawn.mode, drawn.size)
        bare.paste(drawn)
        bare.save(into, decoder)
