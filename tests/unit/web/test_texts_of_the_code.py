"""What the code refuses has its texts: each slug, each fact, each state and action."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shared import errors
from shared.errors import AppError
from shared.web import refusals
from shared.web.texts import placeholders, texts

ROOT = Path(__file__).parents[3]
NAMES = {
    name
    for module in (errors, refusals)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, AppError)
}


class Refusal(NamedTuple):
    """One place where the code refuses something by a slug."""

    slug: str
    facts: frozenset[str]
    place: str


def refusals_in_the_code() -> Iterator[Refusal]:
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if refusal := _refusal(node, path):
                    yield refusal


def _refusal(node: ast.AST, path: Path) -> Refusal | None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(slug)), *_], keywords=keywords):
            if name in NAMES:
                facts = frozenset(keyword.arg or "" for keyword in keywords)
                return Refusal(slug, facts, f"{path.relative_to(ROOT)}:{node.lineno}")
    return None


ALL = [*refusals_in_the_code()]


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: f"{refusal.slug} {refusal.place}")
def test_a_slug_that_is_refused_has_texts(refusal: Refusal) -> None:
    assert refusal.slug in texts().problems, f"add {refusal.slug} to shared/web/texts.yaml"


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: f"{refusal.slug} {refusal.place}")
def test_a_refusal_brings_the_facts_that_its_text_tells(refusal: Refusal) -> None:
    found = texts().problems.get(refusal.slug)
    told = placeholders(found.detail.zh) if found and found.detail else set()
    assert told <= refusal.facts or "" in refusal.facts, f"{refusal.place} does not bring {told - refusal.facts}"


def states_and_actions() -> Iterator[str]:
    for path in sorted((ROOT / "services").glob("*/domain/transitions.py")):
        module = importlib.import_module(f"services.{path.parts[-3]}.domain.transitions")
        for table in vars(module).values():
            yield from _values(table)


def _values(table: Any) -> Iterator[str]:
    """The states and actions of a transition table: a dict by (state, action)."""
    if isinstance(table, dict):
        for key in table:
            if isinstance(key, tuple) and len(key) == 2:
                yield from (str(one) for one in key if one is not None)


@pytest.mark.parametrize("value", sorted({*states_and_actions()}))
def test_every_state_and_action_has_a_name_for_people(value: str) -> None:
    assert value in texts().terms, f"add {value} to the terms of shared/web/texts.yaml"
