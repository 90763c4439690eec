"""What a notice says: the templates of `templates.yaml`, filled with an event's facts."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter

import msgspec
from msgspec import Struct

from shared.calendar import CHINA

Facts = Mapping[str, str]


class Words(Struct, frozen=True):
    """The same in both languages."""

    zh: str
    en: str


class Template(Struct, frozen=True):
    """A title, and sentences of which those are said whose facts are known."""

    title: Words
    text: tuple[Words, ...]


class Said(Struct, frozen=True):
    """A title and a text for one reader."""

    title: str
    text: str


class Texts(Struct, frozen=True):
    """The templates by the type of their event; `terms` by fact and value: how people call what code names."""

    terms: Mapping[str, Mapping[str, Words]]
    templates: Mapping[str, Template]


TEXTS = msgspec.yaml.decode(Path(__file__).with_name("templates.yaml").read_bytes(), type=Texts)
TEMPLATES = tuple(sorted(TEXTS.templates))
LANGUAGES = ("zh", "en")


def say(template: str, facts: Facts) -> dict[str, Said]:
    """What the template says of these facts, by language."""
    return {language: _say(TEXTS.templates[template], facts, language) for language in LANGUAGES}


def local(moment: datetime | None) -> str:
    """A moment as people here write it (Asia/Shanghai); empty for none."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else ""


@cache  # the templates' sentences are few, and stay
def placeholders(sentence: str) -> frozenset[str]:
    """The facts that a sentence tells."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _say(template: Template, facts: Facts, language: str) -> Said:
    terms = {name: called[facts[name]] for name, called in TEXTS.terms.items() if facts.get(name) in called}
    told = {**facts, **{name: getattr(term, language) for name, term in terms.items()}}
    sentences = [getattr(one, language) for one in template.text]
    known = [one for one in sentences if all(map(told.__getitem__, placeholders(one)))]
    gap = " " if language == "en" else ""
    return Said(getattr(template.title, language).format_map(told), gap.join(one.format_map(told) for one in known))
