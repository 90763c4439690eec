"""Which kinds of file may be stored, and how a file's kind is told from its content alone."""

import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO

import puremagic
import yaml
from msgspec import Struct
from PIL import Image

from shared.errors import Invalid
from shared.store import boxes, personal

HEAD_BYTES = 4096
MOST_PIXELS = 80_000_000  # beyond this, decoding would need more memory than a service has
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}  # content type -> Pillow's decoder
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Kind(Struct, frozen=True):
    """A content type that may be stored: `kind` is photo, clip or document; `limit` in bytes."""

    content_type: str
    kind: str
    ending: str
    limit: int


@cache
def allowed_kinds() -> Mapping[str, Kind]:
    """The allowed kinds by content type, from `kinds.yaml`."""
    rows = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {
        type_: Kind(type_, row["kind"], row["ending"], row["limit_megabytes"] * 1_000_000)
        for type_, row in rows.items()
    }


def tell_kind(file: BinaryIO, allowed: Mapping[str, Kind]) -> Kind:
    """The kind of this file, by content: never by its name or by what the sender says.

    `Invalid("wrong-kind-of-file")` for any other kind, and for a file that only begins like an allowed one.
    """
    file.seek(0)
    candidates = _candidates(file.read(HEAD_BYTES))
    for content_type in candidates:
        if content_type in allowed and _is_whole(file, content_type):
            return allowed[content_type]
    raise Invalid("wrong-kind-of-file", found=candidates[0] if candidates else "unknown", allowed=", ".join(allowed))


def _candidates(head: bytes) -> list[str]:
    if head[4:8] == b"ftyp":
        return [found] if (found := boxes.content_type(head)) else []
    try:
        return [match.mime_type for match in puremagic.magic_string(head) if match.mime_type]
    except (puremagic.PureError, ValueError):
        return []


def _is_whole(file: BinaryIO, content_type: str) -> bool:
    file.seek(0)
    if content_type in IMAGES:
        return _is_image(file, IMAGES[content_type])
    if content_type == DOCX:
        return _is_docx(file)
    if content_type == "application/pdf":
        return file.read(5) == b"%PDF-"
    return personal.is_whole(file, content_type)


def _is_image(file: BinaryIO, decoder: str) -> bool:
    try:
        with Image.open(file, formats=[decoder]) as image:
            return image.width * image.height <= MOST_PIXELS
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError, ValueError):
        return False


def _is_docx(file: BinaryIO) -> bool:
    """A Word document without macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return {"[Content_Types].xml", "word/document.xml"} <= names and not any("vbaProject" in name for name in names)
