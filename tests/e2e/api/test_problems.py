"""Bad input, as a caller of the whole system sees it: an RFC 9457 problem in their language, and nothing done."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
import pytest

from shared.access.actor import Actor, Role
from shared.access.token import Minter
from shared.runtime.clock import now
from tests.e2e.api.people import NOBODYS_MATTER
from tests.e2e.api.town import Town, intake, photo
from tests.e2e.api.words import registration
from tests.e2e.whole import Whole
from tools.client import Json

CLERK, REVIEWER = "clerk.honghu", "reviewer.sanhe"
CASES = "/api/intake/cases"
LONGEST_PHOTO = 30_000_000


@dataclass(frozen=True)
class Asked:
    """A request that is refused; `body` is JSON, or bytes as they are."""

    method: str
    path: str
    body: Json = None
    login: str = CLERK
    headers: dict[str, str] = field(default_factory=dict)


def register(**said: Json) -> Asked:
    """A clerk registers something."""
    return Asked("POST", CASES, registration(**said))


def the_same_key(town: Town) -> Asked:
    """Another body under the key of an earlier request."""
    key = str(uuid.uuid4())
    status, _ = town.api.ask("POST", CASES, registration(), token=town.person(CLERK).token, key=key)
    assert status == 201
    return Asked("POST", CASES, registration(tried="另一件事"), headers={"Idempotency-Key": key})


def expired(keys: Minter) -> Asked:
    """A token of an hour ago."""
    token, _ = keys.mint(Actor(CLERK, frozenset({Role.INTAKE_CLERK})))
    return Asked("GET", CASES, login="", headers={"Authorization": f"Bearer {token}"})


def on_draft(town: Town, step: str, login: str, **headers: str) -> Asked:
    """Something is done to a case that was just registered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked("POST", f"{intake(town.draft())}/{step}", login=login, headers=named)


Ask = Callable[[Town], Asked]
REFUSED: dict[str, tuple[Ask, int, str, set[str]]] = {
    "wrong and missing fields": (
        lambda _: Asked("POST", CASES, {"category": 5, "place": {"longitude": 200}, "surprise": 1}),
        *(422, "invalid", {"category", "channel", "description", "place.longitude", "surprise"}),
    ),
    "a wrong query": (lambda _: Asked("GET", f"{CASES}?limit=0"), 422, "invalid", {"limit"}),
    "a place outside every grid": (
        lambda _: register(place={"longitude": 0, "latitude": 0}),
        *(422, "outside-every-grid", {"place"}),
    ),
    "an unknown category": (lambda _: register(category="E00-00"), 422, "unknown-category", {"category"}),
    "a category for which nobody is responsible": (
        lambda _: register(category=NOBODYS_MATTER),
        *(422, "no-responsible-department", {"category"}),
    ),
    "an unknown case": (lambda _: Asked("GET", f"{CASES}/{uuid.uuid4()}"), 404, "not-found", set()),
    "an unknown assignment": (
        lambda _: Asked("POST", f"/api/dispatch/assignments/{uuid.uuid4()}/signature", login="officer.shichang"),
        *(404, "not-found", set()),
    ),
    "an id that is none": (lambda _: Asked("GET", f"{CASES}/7"), 404, "no-such-address", set()),
    "a step that is not possible now": (
        lambda town: on_draft(town, "whistle", REVIEWER),
        *(409, "illegal-transition", set()),
    ),
    "a version that is stale": (
        lambda town: on_draft(town, "submission", CLERK, If_Match='"7"'),
        *(409, "stale-version", set()),
    ),
    "a key that was used for something else": (the_same_key, 422, "idempotency-key-reused", set()),
    "broken JSON": (lambda _: Asked("POST", CASES, b'{"category": '), 400, "malformed-json", set()),
    "a body over the limit": (lambda _: register(tried="漏" * 200_000), 413, "too-large", set()),
    "a file over the limit": (
        lambda _: Asked("POST", "/api/intake/attachments", photo().ljust(LONGEST_PHOTO + 1, b"\0")),
        *(413, "too-large", set()),
    ),
    "a file of the wrong kind": (
        lambda _: Asked("POST", "/api/intake/attachments", b"MZ\x90\x00" + bytes(100)),
        *(415, "wrong-kind-of-file", set()),
    ),
    "no token": (lambda _: Asked("GET", CASES, login=""), 401, "token-missing", set()),
    "the wrong role": (lambda _: Asked("GET", CASES, login="officer.shichang"), 403, "forbidden", set()),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_refused_with_a_problem_in_the_callers_language(town: Town, what: str, language: str) -> None:
    """Type, title, status, detail, and every offending field."""
    make, status, slug, fields = REFUSED[what]
    assert_refused(town, make(town), language, (status, slug, fields))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_expired_token_is_refused_with_a_problem_in_the_callers_language(
    town: Town, running_system: Whole, language: str
) -> None:
    """401, so that the client knows to log in again."""
    keys = Minter(running_system.system.directory / "keys", clock=lambda: now() - timedelta(hours=1))
    assert_refused(town, expired(keys), language, (401, "token-expired", set()))


def assert_refused(town: Town, asked: Asked, language: str, expected: tuple[int, str, set[str]]) -> None:
    """The answer is this problem, told in this language, with these fields; nothing tells of the inside."""
    status, problem = send(town, asked, language)
    wrong = {one["field"] for one in problem.get("errors", ())}
    assert (status, problem["type"].removeprefix("/problems/"), wrong) == expected
    assert problem["status"] == status
    said = [problem["title"], problem["detail"], *(one["message"] for one in problem.get("errors", ()))]
    assert all(said)
    assert [text for text in said if bool(re.search("[一-龥]", text)) is (language == "en")] == []
    assert "Traceback" not in str(problem)


def send(town: Town, asked: Asked, language: str) -> tuple[int, Json]:
    """Status and problem."""
    raw = asked.body if isinstance(asked.body, bytes) else None if asked.body is None else orjson.dumps(asked.body)
    kind = "image/jpeg" if asked.path.endswith("/attachments") else "application/json"
    headers = {"Accept-Language": language, "Content-Type": kind}
    if asked.login:
        headers["Authorization"] = f"Bearer {town.person(asked.login).token}"
    answer = town.api.http.request(asked.method, town.api.url + asked.path, body=raw, headers=headers | asked.headers)
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status, orjson.loads(answer.data)
