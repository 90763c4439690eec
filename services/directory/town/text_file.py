"""Reading a file's text."""

import codecs
from pathlib import Path

from services.directory.town.problems import Problems, Source


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a UTF-8 file, with or without a byte order mark; None after noting why there is none."""
    try:
        return decode(path.name, path.read_bytes(), problems)
    except FileNotFoundError:
        problems.add(Source(path.name, 0), "missing-file")
    except OSError as error:
        problems.add(Source(path.name, 0), "unreadable-file", reason=error.strerror)
    return None


def decode(file: str, data: bytes, problems: Problems) -> str | None:
    """The same of these bytes of a file."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(Source(file, data.count(b"\n", 0, error.start) + 1), "not-utf8")
        return None
    if text.strip():
        return text
    problems.add(Source(file, 1), "empty-file")
    return None
