"""The one map from what is refused to what HTTP says of it: RFC 9457 problems, in Chinese or English."""

from functools import lru_cache
from typing import Any

import orjson
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from shared.errors import (
    AppError,
    Conflict,
    FieldErrors,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from shared.web.refusals import BadGateway, Malformed, TooSlow, WrongMediaType, WrongMethod
from shared.web.reply import Headers, Reply
from shared.web.texts import Language, texts

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[AppError], int] = {
    Malformed: 400,  # the request cannot be read: broken JSON, a header of the wrong form
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    WrongMethod: 405,
    Conflict: 409,
    TooLarge: 413,
    WrongMediaType: 415,
    Invalid: 422,  # it can be read, and each field that is wrong is named
    KeyReused: 422,
    BadGateway: 502,
    Unavailable: 503,
    TooSlow: 504,
    AppError: 422,
}


def status_of(kind: type[AppError]) -> int:
    """The HTTP status of an error, by the nearest of its classes that is in the map."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)


def slug_of(error: AppError) -> str:
    """The slug whose texts tell of this error: its own, or where there are none those of its nearest class."""
    known = texts().problems
    slugs = (error.slug, *(getattr(base, "slug", "") for base in type(error).__mro__))
    return next(slug for slug in slugs if slug in known)


def render(error: AppError, language: Language) -> tuple[int, bytes]:
    """Status and body of the problem that tells a caller of this error."""
    status = status_of(type(error))
    body = problem(status, slug_of(error), detail_of(error, language), language)
    if error.fields:
        body["errors"] = list(_field_errors(error.fields, language))
    return status, orjson.dumps(body)


def detail_of(error: AppError, language: Language) -> str:
    """What is said about this error."""
    return texts().detail(slug_of(error), language, error.facts)


def internal(language: Language) -> tuple[int, bytes]:
    """The problem of an exception that nobody expected; it tells nothing of its inside."""
    return 500, orjson.dumps(problem(500, "internal", texts().detail("internal", language, {}), language))


def reply(error: AppError, language: Language) -> Reply:
    """The whole answer that tells a caller of this error."""
    status, body = render(error, language)
    return Reply(status, body, MEDIA_TYPE, headers(status, error))


def internal_reply(language: Language) -> Reply:
    """The whole answer to a request that broke something."""
    status, body = internal(language)
    return Reply(status, body, MEDIA_TYPE)


def headers(status: int, error: AppError | None = None) -> Headers:
    """The headers that HTTP wants beside some statuses."""
    if status == 401:
        return (("WWW-Authenticate", "Bearer"),)
    if status == 405 and error is not None:
        return (("Allow", str(error.facts.get("allowed", ""))),)
    return (("Retry-After", "1"),) if status in (503, 504) else ()


def problem(status: int, slug: str, detail: str, language: Language) -> dict[str, Any]:
    """The members of a problem."""
    title = texts().title(slug, language)
    return {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}


def _field_errors(fields: FieldErrors, language: Language) -> list[dict[str, str]]:
    message = texts().message
    return [{"field": field, "message": message(said, language)} for field, all in fields.items() for said in all]


@lru_cache(256)
def language_of(accepted: str) -> Language:
    """The language that an Accept-Language header asks for; Chinese unless English is preferred."""
    best = parse_accept_header(accepted, LanguageAccept).best_match(["zh", "en"], "zh")
    return "en" if best == "en" else "zh"
