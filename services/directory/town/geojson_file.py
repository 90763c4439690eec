"""Reading a GeoJSON file to raw rows: a feature's properties, and its geometry as `boundary`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.directory.town.problems import Problems, Source
from services.directory.town.tables import RawRow, RawTable
from services.directory.town.text_file import read_text

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


def read_geojson(path: Path, problems: Problems) -> RawTable:
    """The file's features, each with its line, its number (from 1) and its code."""
    text = read_text(path, problems)
    document = _parse(path.name, text, problems) if text else None
    if text is None or document is None:
        return RawTable()
    rows = []
    for number, (line, feature) in enumerate(_features(text), start=1):
        match feature:
            case {"type": "Feature", "properties": dict(properties), "geometry": dict(geometry)}:
                source = _source(path.name, line, number, str(properties.get("code", "")))
                rows.append(RawRow(source, {**properties, "boundary": geometry}))
            case _:
                problems.add(_source(path.name, line, number, ""), "not-a-feature")
    if not rows:
        problems.add(Source(path.name, 1), "no-rows")
    return RawTable(tuple(rows), frozenset(str(row.values.get("code", "")) for row in rows))


def _parse(file: str, text: str, problems: Problems) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        problems.add(Source(file, error.lineno), "broken-json", reason=error.msg)
        return None
    match document:
        case {"type": "FeatureCollection", "features": list()}:
            found: dict[str, Any] = document
            return found
    problems.add(Source(file, 1), "not-a-feature-collection")
    return None


def _source(file: str, line: int, number: int, code: str) -> Source:
    space = " " if code else ""
    return Source(file, line, zh=f"第 {number} 个要素{space}{code}：", en=f"Feature {number}{space}{code}: ")


def _features(text: str) -> Iterator[tuple[int, Any]]:
    """Every element of `features` with the line it begins on; the text is known to be good JSON."""
    at = _after(text, "[", _start_of_features(text))
    line, counted = 1, 0
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        feature, at = _DECODER.raw_decode(text, at)
        yield line, feature
        at = _after(text, ",", at)


def _start_of_features(text: str) -> int:
    """Where the value of the document's member `features` begins."""
    at = _after(text, "{", 0)
    while True:
        name, at = _DECODER.raw_decode(text, at)
        at = _after(text, ":", at)
        if name == "features":
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _after(text, ",", at)


def _after(text: str, mark: str, at: int) -> int:
    """The next place that is not blank, beyond `mark` if that comes next."""
    found = _BLANK.match(text, at)
    at = found.end() if found else at
    if not text.startswith(mark, at):
        return at
    found = _BLANK.match(text, at + 1)
    return found.end() if found else at + 1
