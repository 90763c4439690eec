"""Every refusal becomes a problem (RFC 9457) with its own status, in Chinese or English."""

from typing import Any

import orjson
import pytest

from shared import errors
from shared.errors import AppError, Conflict, IllegalTransition, Invalid, KeyReused, NotFound, StaleVersion
from shared.web import problem, refusals
from shared.web.texts import Language, placeholders, texts

KINDS = sorted(
    {
        kind
        for module in (errors, refusals)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, AppError)
    },
    key=lambda kind: kind.__name__,
)
STATUSES = {
    "AppError": 422,
    "BadGateway": 502,
    "Conflict": 409,
    "Forbidden": 403,
    "IllegalTransition": 409,
    "Invalid": 422,
    "KeyReused": 422,
    "Malformed": 400,
    "NotFound": 404,
    "StaleVersion": 409,
    "TooLarge": 413,
    "TooSlow": 504,
    "Unauthenticated": 401,
    "Unavailable": 503,
    "WrongMediaType": 415,
    "WrongMethod": 405,
}


def told(error: AppError, language: Language = "zh") -> dict[str, object]:
    status, body = problem.render(error, language)
    members: dict[str, object] = orjson.loads(body)
    assert members["status"] == status
    return members


def test_every_kind_of_refusal_has_its_status() -> None:
    assert {kind.__name__: problem.status_of(kind) for kind in KINDS} == STATUSES


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_refusal_has_texts_of_its_own(kind: type[AppError]) -> None:
    assert kind.slug in texts().problems


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("slug", sorted(texts().problems))
def test_every_slug_is_told_in_both_languages_with_its_facts(slug: str, language: Language) -> None:
    detail = texts().problems[slug].detail
    facts: dict[str, Any] = {name: f"<{name}>" for name in placeholders(detail.en)} if detail else {}
    members = told(AppError(slug, **facts), language)
    assert members["type"] == f"/problems/{slug}"
    assert members["title"] == texts().title(slug, language)
    assert all(fact in str(members["detail"]) for fact in facts.values())
    assert "{" not in str(members["detail"])
    letters = ("a", "z") if language == "en" else ("一", "鿿")
    assert any(letters[0] <= letter <= letters[1] for letter in str(members["title"]))


@pytest.mark.parametrize("slug", sorted(texts().problems))
def test_a_missing_fact_leaves_no_hole_in_the_text(slug: str) -> None:
    assert "{" not in str(told(AppError(slug))["detail"])


def test_a_slug_without_texts_is_told_as_its_class() -> None:
    assert told(Conflict("no-texts-for-this"))["type"] == "/problems/conflict"
    assert told(StaleVersion("no-texts-for-this"))["type"] == "/problems/stale-version"


def test_a_state_is_told_in_the_readers_words() -> None:
    refusal = IllegalTransition(state="assignment", action="case")
    assert told(refusal)["detail"] == "处于“任务”状态时不能“案件”。"


def test_every_offending_field_is_named_with_what_is_wrong() -> None:
    refusal = Invalid(fields={"place.longitude": ["Not a valid number."], "note": ["Unknown field.", "Purple."]})
    assert told(refusal)["errors"] == [
        {"field": "place.longitude", "message": "应为数字。"},
        {"field": "note", "message": "不认识的字段。"},
        {"field": "note", "message": "Purple."},
    ]


def test_a_refusal_without_fields_has_no_list_of_them() -> None:
    assert "errors" not in told(NotFound())


def test_what_broke_inside_stays_inside() -> None:
    status, body = problem.internal("en")
    assert (status, orjson.loads(body)["type"]) == (500, "/problems/internal")


def test_http_gets_the_headers_that_it_wants() -> None:
    assert problem.reply(errors.Unauthenticated(), "zh").headers == (("WWW-Authenticate", "Bearer"),)
    assert problem.reply(refusals.WrongMethod(allowed="GET, POST"), "zh").headers == (("Allow", "GET, POST"),)
    assert problem.reply(errors.Unavailable(), "zh").headers == (("Retry-After", "1"),)
    assert problem.reply(KeyReused(), "zh").headers == ()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en-GB", "en"),
        ("fr, en;q=0.3", "en"),
        ("fr", "zh"),
        ("en;q=0.1, zh;q=0.9", "zh"),
        ("\x7f;;q=x", "zh"),
    ],
)
def test_the_language_follows_the_header_and_is_chinese_otherwise(accepted: str, language: str) -> None:
    assert problem.language_of(accepted) == language
