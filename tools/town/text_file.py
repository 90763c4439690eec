"""Reading a file's text."""

import codecs
from pathlib import Path

from tools.town.problems import Problems, Source


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a UTF-8 file, with or without a byte order mark; None after noting why there is none."""
    try:
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        text = data.decode("utf-8")
    except FileNotFoundError:
        problems.add(Source(path.name, 0), "missing-file")
    except OSError as error:
        problems.add(Source(path.name, 0), "unreadable-file", reason=error.strerror)
    except UnicodeDecodeError as error:
        problems.add(Source(path.name, data.count(b"\n", 0, error.start) + 1), "not-utf8")
    else:
        if text.strip():
            return text
        problems.add(Source(path.name, 1), "empty-file")
    return None
