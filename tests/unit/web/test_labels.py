"""Whatever an answer names by a code has a name for people in both languages."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from services.directory.town import model
from services.notice.domain.templates import TEXTS
from services.supervision.domain.clockwork import ARCHIVE, CLOCKS
from services.supervision.domain.measures import MEASURES
from shared.access.actor import Role
from shared.contracts.registry import all_events
from shared.web.openapi import describe
from shared.web.texts import texts

SERVICES = ("directory", "intake", "dispatch", "enforcement", "closure", "notice", "supervision")
LABELS = texts().labels
MEANT: dict[str, set[str]] = {
    "role": {*Role},
    "event": {name.rpartition(".v")[0] for name in all_events()},
    "clock": {*CLOCKS, *ARCHIVE, *model.CLOCKS} - {*model.LADDER},
    "escalation": {*model.LADDER},
    "measure": {one.name for one in MEASURES},
    "area_level": {*model.LEVELS},
    "department_kind": {*model.DEPARTMENT_KINDS},
    "item_class": {*model.ITEM_CLASSES},
    "calendar": {*model.CALENDARS},
}


def enums() -> Iterator[tuple[str, ...]]:
    """The codes of every field and parameter that the services' descriptions tell of."""
    for name in SERVICES:
        module = importlib.import_module(f"services.{name}.service")
        yield from _enums(describe(getattr(module, f"{name.capitalize()}Service")))


def _enums(node: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            codes = tuple(sorted(str(one) for one in node["enum"] if one is not None))
            if len(codes) > 1:  # what is always the same needs no name
                yield codes
        node = [*node.values()]
    if isinstance(node, list):
        for below in node:
            yield from _enums(below)


@pytest.mark.parametrize("group", MEANT)
def test_a_group_names_what_the_code_knows_and_nothing_else(group: str) -> None:
    assert LABELS[group].keys() == MEANT[group]


@pytest.mark.parametrize("codes", sorted({*enums()}), ids=lambda codes: " ".join(codes)[:60])
def test_the_codes_of_a_field_have_names_in_one_place(codes: tuple[str, ...]) -> None:
    named = [group.keys() for group in (texts().terms, *LABELS.values())]
    assert any(group >= {*codes} for group in named), f"add {codes} to the labels of shared/web/texts.yaml"


def test_measures_and_notices_are_called_the_same_everywhere() -> None:
    assert {one.name: one.zh for one in MEASURES} == {name: pair.zh for name, pair in LABELS["measure"].items()}
    for of_notice, group in (
        ("clock", "clock"),
        ("level", "escalation"),
        ("order_kind", "order_kind"),
        ("part", "part"),
    ):
        for code, words in TEXTS.terms[of_notice].items():
            assert LABELS[group][code].zh == words.zh


def test_every_name_says_something_in_both_languages() -> None:
    names = [pair for group in LABELS.values() for pair in group.values()]
    assert all(pair.zh.strip() and pair.en.strip() for pair in names)
