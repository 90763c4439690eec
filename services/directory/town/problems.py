"""What can be wrong with a town, collected until everything has been looked at."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a file; `line` counts from 1, and 0 means the file as a whole; `column` may be unknown."""

    file: str
    line: int
    message_zh: str
    message_en: str
    column: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message_zh} {self.message_en}"


class TownErrors(Exception):
    """The town cannot be loaded; `problems` names every reason, in the order of files and lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def by_place(self, language: str) -> dict[str, list[str]]:
        """What is wrong in one language, by `rows.<line>.<column>` as far as they are known; `file` for the whole."""
        found: dict[str, list[str]] = {}
        for one in self.problems:
            place = f"rows.{one.line}.{one.column}".strip(".") if one.line else "file"
            found.setdefault(place, []).append(one.message_zh if language == "zh" else one.message_en)
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row stands; `zh` and `en` name it where a line alone is not enough."""

    file: str
    line: int
    zh: str = ""
    en: str = ""


class Problems:
    """A collector of problems."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def add(self, source: Source, text: str, **facts: object) -> None:
        """Note a problem by the name of its text in `texts.yaml`; `facts` fill the text's placeholders."""
        zh, en = texts()[text]["zh"], texts()[text]["en"]
        said = source.zh + zh.format(**facts), source.en + en.format(**facts)
        self._found.add(Problem(source.file, source.line, *said, column=str(facts.get("column", ""))))

    def concern(self, file: str) -> bool:
        """Whether something in this file is known to be wrong, so that its rows cannot be judged as a whole."""
        return any(problem.file == file for problem in self._found)

    def raise_if_any(self) -> None:
        """Raise `TownErrors` if anything was found."""
        if self._found:
            raise TownErrors(tuple(sorted(self._found)))


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every message by its name, in Chinese and English."""
    found: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return found
