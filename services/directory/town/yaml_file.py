"""Reading the YAML file of the kinds to raw rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from services.directory.town.problems import Problems, Source
from services.directory.town.tables import RawRow, RawTable
from services.directory.town.text_file import read_text


def read_kinds(path: Path, problems: Problems) -> RawTable:
    """The items under `kinds`, each with the line it begins on."""
    text = read_text(path, problems)
    if text is None:
        return RawTable()
    try:
        document = yaml.safe_load(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        problems.add(Source(path.name, _line_of(error, text)), "broken-yaml", reason=_reason(error))
        return RawTable()
    for line, name in _repeated_names(node):
        problems.add(Source(path.name, line), "repeated-name", name=name)
    match node, document:
        case yaml.MappingNode(value=[(_, yaml.SequenceNode(value=items))]), {"kinds": list(kinds)}:
            return _rows(path.name, items, kinds, problems)
    problems.add(Source(path.name, 1), "no-list-of-kinds")
    return RawTable()


def _rows(file: str, nodes: list[yaml.Node], kinds: list[Any], problems: Problems) -> RawTable:
    rows = []
    for node, values in zip(nodes, kinds, strict=True):
        source = Source(file, node.start_mark.line + 1)
        if isinstance(values, dict):
            rows.append(RawRow(source, values))
        else:
            problems.add(source, "no-list-of-kinds")
    if not rows:
        problems.add(Source(file, 1), "no-rows")
    return RawTable(tuple(rows), frozenset(str(row.values.get("code", "")) for row in rows))


def _line_of(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return error.problem_mark.line + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1


def _reason(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", error))


def _repeated_names(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Names written twice in one mapping, of which PyYAML would silently keep the last."""
    if isinstance(node, yaml.MappingNode):
        names = [name.value for name, _ in node.value]
        for position, (name, value) in enumerate(node.value):
            if name.value in names[:position]:
                yield name.start_mark.line + 1, name.value
            yield from _repeated_names(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_names(item)
