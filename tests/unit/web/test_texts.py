"""The file of texts: complete, the same in both languages, and checked when it is loaded."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.web.texts import TextsError, placeholders, read_texts, texts

MINIMAL = "problems: {}\nterms: {}\nmessages: {}\n"


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "texts.yaml"
    path.write_text(content, "utf-8")
    return path


def test_the_projects_texts_are_sound() -> None:
    assert texts().problems.keys() >= {"refused", "invalid", "not-found", "internal"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("problems: {}\nterms: {}\n", "messages"),
        (MINIMAL.replace("problems: {}", "problems: {x: {title: {zh: 题}}}"), "en"),
        (MINIMAL.replace("problems: {}", "problems: {x: {title: {zh: 题, en: t}, datail: {zh: 题, en: t}}}"), "datail"),
        (
            MINIMAL.replace("problems: {}", "problems: {x: {title: {zh: 题, en: t}, detail: {zh: '{a}', en: '{b}'}}}"),
            "x",
        ),
        (MINIMAL.replace("problems: {}", "problems: {x: {title: {zh: '{a}', en: '{a}'}}}"), "a title has none"),
        (MINIMAL.replace("messages: {}", "messages: {'{a} is wrong': 错误}"), "{a} is wrong"),
        (MINIMAL.replace("terms: {}", "terms:\n  a: {zh: 题, en: t}\n  a: {zh: 题, en: t}"), "given twice: a"),
        ("problems: [", "texts.yaml"),
    ],
)
def test_a_file_with_a_mistake_is_refused_and_says_where(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(TextsError, match=said.replace("{", r"\{")):
        read_texts(written(tmp_path, content))


def test_a_message_is_translated_with_its_numbers() -> None:
    assert texts().message("Length must be between 1 and 20.", "zh") == "长度应在 1 到 20 之间。"
    assert texts().message("Must be one of: a, b.", "zh") == "应为以下之一：a, b。"
    assert texts().message("Length must be between 1 and 20.", "en") == "Length must be between 1 and 20."


def test_a_message_that_nobody_translated_stays_as_it_is() -> None:
    assert texts().message("Purple.", "zh") == "Purple."


@pytest.mark.parametrize("english", sorted(texts().messages))
def test_every_message_has_a_translation_that_keeps_its_values(english: str) -> None:
    values = {name: str(number) for number, name in enumerate(sorted(placeholders(english)), 10)}
    chinese = texts().message(english.format_map(values), "zh")
    assert chinese != english.format_map(values)
    assert all(value in chinese for value in values.values())


@given(st.text())
@settings(deadline=None)
def test_no_message_breaks_the_translation(said: str) -> None:
    assert isinstance(texts().message(said, "zh"), str)


def test_a_value_that_is_a_term_is_told_in_the_readers_words() -> None:
    assert texts().term("assignment", "zh") == "任务"
    assert texts().term("assignment", "en") == "assignment"
    assert texts().term("nothing known", "zh") == "nothing known"
