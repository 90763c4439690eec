"""The texts that people read, in Chinese and English, from `texts.yaml`: problems, terms, and messages about fields."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import msgspec
import yaml

Language = Literal["zh", "en"]


class TextsError(Exception):
    """The file of texts is wrong; the message says where."""


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in this language."""
        return self.zh if language == "zh" else self.en


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a refusal is called, and what is said about this one of its kind, `{placeholders}` filled from its facts."""

    title: Pair
    detail: Pair | None = None


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: problems by slug, terms by the value that stands for them, Chinese messages by their English.

    `labels` are names of what no problem tells of, by what it is and its code: `labels["role"]["officer"]`.
    """

    problems: dict[str, Problem]
    terms: dict[str, Pair]
    messages: dict[str, str]
    labels: dict[str, dict[str, Pair]] = {}

    def term(self, value: object, language: Language) -> str:
        """How people call a value such as a state or a kind; the value itself if it has no name."""
        found = self.terms.get(str(value))
        return found.in_language(language) if found else str(value)

    def title(self, slug: str, language: Language) -> str:
        """What a problem with this slug is called."""
        return self.problems[slug].title.in_language(language)

    def detail(self, slug: str, language: Language, facts: Mapping[str, object]) -> str:
        """What is said about it; the title where a fact is missing."""
        detail = self.problems[slug].detail
        if detail is None or not placeholders(detail.zh) <= facts.keys():
            return self.title(slug, language)
        return detail.in_language(language).format_map({k: self.term(v, language) for k, v in facts.items()})

    def message(self, english: str, language: Language) -> str:
        """A message about a field in this language; the message itself where nobody has translated it."""
        return _translated(english) if language == "zh" else english


class _OnceLoader(yaml.SafeLoader):
    """Reads YAML and refuses a key that is given twice, of which one would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.YAMLError(f"given twice: {', '.join(map(str, twice))}")
        return super().construct_mapping(node, deep)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def texts() -> Texts:
    """The project's texts, checked once."""
    return read_texts(Path(__file__).with_name("texts.yaml"))


def read_texts(path: Path) -> Texts:
    """Read and check a file of texts; `TextsError` names each place where the two languages do not agree."""
    try:
        found = msgspec.convert(yaml.load(path.read_text("utf-8"), _OnceLoader), Texts)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise TextsError(f"{path.name}: {error}") from None
    if uneven := [*_uneven(found)]:
        raise TextsError(f"{path.name}: other placeholders in Chinese than in English: {', '.join(uneven)}")
    return found


def _uneven(found: Texts) -> Iterable[str]:
    for slug, problem in found.problems.items():
        if placeholders(problem.title.zh + problem.title.en):
            yield f"{slug} (a title has none)"
        if problem.detail and placeholders(problem.detail.zh) != placeholders(problem.detail.en):
            yield slug
    for english, chinese in found.messages.items():
        if placeholders(english) != placeholders(chinese):
            yield english


@lru_cache(1024)
def _translated(english: str) -> str:
    exact = texts().messages.get(english)
    if exact is not None:
        return exact
    for pattern, chinese in _patterns():
        if match := pattern.fullmatch(english):
            return chinese.format_map(match.groupdict())
    return english


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(_pattern(english), chinese) for english, chinese in texts().messages.items() if placeholders(english)]


def _pattern(template: str) -> re.Pattern[str]:
    parts: list[Any] = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P<{name}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
