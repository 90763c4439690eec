"""Real files for tests, made when asked for: photos that tell their place, clips, phone pictures, documents."""

import io
import zipfile
from functools import cache

from PIL import Image

HOME = b"+30.2741+120.1551/"  # where a clip says that it was taken
CAMERA = "Chunjiang Phone 7"
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def photo(
    colour: str = "steelblue", size: tuple[int, int] = (64, 48), decoder: str = "JPEG", orientation: int = 1
) -> bytes:
    """A photo whose EXIF tells the camera and the place."""
    image = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[MAKE] = CAMERA
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 16.0, 26.8), 3: "E", 4: (120.0, 9.0, 18.4)})
    into = io.BytesIO()
    image.save(into, decoder, exif=exif)
    return into.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of an ISO base media file."""
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def numbers(size: int, *values: int) -> bytes:
    """Big-endian numbers of `size` bytes each."""
    return b"".join(value.to_bytes(size, "big") for value in values)


@cache
def clip(brand: bytes = b"isom") -> bytes:
    """A clip with a picture track, a track of positions, and descriptions that name the place."""
    picture, positions = b"\x00\x01PICTURE", b"GPS" + HOME
    start = box(b"ftyp", brand, numbers(4, 512), brand)
    content = start + box(b"mdat", picture, positions)
    at = len(start) + 8
    movie = box(
        b"moov",
        box(b"mvhd", bytes(100)),
        box(b"udta", box(b"\xa9xyz", numbers(2, len(HOME), 0x15C7), HOME)),
        _track(b"vide", at, len(picture), constant=True),
        _track(b"meta", at + len(picture), len(positions), constant=False),
    )
    return content + movie


def _track(handler: bytes, at: int, size: int, *, constant: bool) -> bytes:
    sizes = numbers(4, 0, size, 1) if constant else numbers(4, 0, 0, 1, size)
    table = box(
        b"stbl",
        box(b"stsc", numbers(4, 0, 1, 1, 1, 1)),
        box(b"stsz", sizes),
        box(b"stco", numbers(4, 0, 1, at)),
    )
    return box(
        b"trak",
        box(b"mdia", box(b"hdlr", numbers(4, 0, 0), handler, bytes(13)), box(b"minf", table)),
    )


@cache
def heic() -> bytes:
    """A picture as phones write it: its EXIF is an item that tells camera and place."""
    exif, pixels = b"\0\0\0\0Exif" + CAMERA.encode() + HOME, b"PIXELS"
    start = box(b"ftyp", b"heic", numbers(4, 0), b"mif1heic")
    items = box(b"iinf", numbers(4, 0), numbers(2, 2), _item(1, b"hvc1"), _item(2, b"Exif"))

    def meta(at: int) -> bytes:
        places = numbers(2, 1, 0, 1, at, len(pixels)), numbers(2, 2, 0, 1, at + len(pixels), len(exif))
        location = box(b"iloc", numbers(4, 0), b"\x22\x00", numbers(2, 2), *places)
        return box(b"meta", numbers(4, 0), box(b"hdlr", numbers(4, 0, 0), b"pict", bytes(13)), items, location)

    at = len(start) + len(meta(0)) + 8
    return start + meta(at) + box(b"mdat", pixels, exif)


def _item(number: int, kind: bytes) -> bytes:
    return box(b"infe", numbers(4, 2 << 24), numbers(2, number, 0), kind, b"\0")


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def word(*, macros: bool = False) -> bytes:
    """A Word document, perhaps with macros."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        if macros:
            archive.writestr("word/vbaProject.bin", b"macro")
    return into.getvalue()
