"""A request that becomes a command: what is answered, and every way in which it is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.access.actor import Actor
from shared.access.token import Minter, ensure_keys
from tests.component.web.conftest import ID, OFFICER, SIGN
from tests.support.serving import Serving


def test_a_good_request_is_answered_with_the_result_and_its_version(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "收到"}, token=officer, If_Match='"4"')
    assert (answer.status, answer.headers["ETag"]) == (200, '"5"')
    assert answer.json == {"id": ID, "note": "收到", "version": 5, "actor": "p-07"}


def test_an_answer_is_kept_by_nobody_and_names_its_request(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "收到"}, token=officer, X_Request_Id="abc-1")
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert answer.headers["X-Request-Id"] == "abc-1"


def test_a_creation_is_answered_201(small: Serving) -> None:
    assert small.ask("POST", "/reports", {"note": "漏水"}).status == 201


def test_a_command_without_an_answer_is_answered_204_without_a_body(small: Serving, officer: str) -> None:
    answer = small.ask("DELETE", f"/assignments/{ID}", token=officer)
    assert (answer.status, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers


# --- the address


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/assignments/1/signature", f"{SIGN}/", "/assignments//x", "/%ff", "/a%00"]
)
def test_an_unknown_address_is_404(small: Serving, officer: str, path: str) -> None:
    answer = small.ask("POST", path, {"note": "x"}, token=officer)
    assert (answer.status, answer.problem) == (404, "no-such-address")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_wrong_method_is_405_and_names_the_right_ones(small: Serving, officer: str, method: str) -> None:
    answer = small.ask(method, SIGN, token=officer)
    assert (answer.status, answer.problem, answer.headers["Allow"]) == (405, "wrong-method", "POST")


# --- the body


def test_a_body_over_the_limit_is_413(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x" * 300_000}, token=officer)
    assert (answer.status, answer.problem) == (413, "too-large")
    assert "262144" in answer.json["detail"]


def test_a_body_in_chunks_is_measured_too(small: Serving, officer: str) -> None:
    pieces = (b'{"note": "' + b"x" * 300_000, b'"}')
    answer = small.ask("POST", SIGN, token=officer, raw=pieces)
    assert (answer.status, answer.problem) == (413, "too-large")


def test_a_small_body_in_chunks_is_taken(small: Serving, officer: str) -> None:
    pieces = (b'{"note": ', b'"in pieces"}')
    answer = small.ask("POST", SIGN, token=officer, raw=pieces)
    assert (answer.status, answer.json["note"]) == (200, "in pieces")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_json_is_415(small: Serving, officer: str, kind: str) -> None:
    answer = small.ask("POST", SIGN, raw=b'{"note": "x"}', kind=kind, token=officer)
    assert (answer.status, answer.problem) == (415, "wrong-media-type")


@pytest.mark.parametrize("raw", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"note": NaN}'])
def test_broken_json_is_400(small: Serving, officer: str, raw: bytes) -> None:
    answer = small.ask("POST", SIGN, raw=raw, token=officer)
    assert (answer.status, answer.problem) == (400, "malformed-json")


def test_every_offending_field_is_named_in_chinese(small: Serving, officer: str) -> None:
    wrong = {"note": "", "place": {"longitude": 200}, "photos": ["x"], "other": 1}
    answer = small.ask("POST", SIGN, wrong, token=officer)
    assert (answer.status, answer.problem) == (422, "invalid")
    assert answer.wrong_fields == {"note", "place.longitude", "photos.0", "other"}
    assert {"field": "note", "message": "长度应在 1 到 20 之间。"} in answer.json["errors"]


def test_every_offending_field_is_named_in_english_for_those_who_read_it(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {}, token=officer, Accept_Language="en")
    assert answer.json["title"] == "Something in the request is wrong or missing"
    assert answer.json["errors"] == [{"field": "note", "message": "Missing data for required field."}]


def test_a_text_that_the_database_could_not_store_is_422(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "a\0b"}, token=officer)
    assert (answer.status, answer.wrong_fields) == (422, {"note"})


# --- who asks


def test_without_a_token_it_is_401(small: Serving) -> None:
    answer = small.ask("POST", SIGN, {"note": "x"})
    assert (answer.status, answer.problem, answer.headers["WWW-Authenticate"]) == (401, "token-missing", "Bearer")


def test_who_asks_is_known_before_the_body_is_looked_at(small: Serving) -> None:
    assert small.ask("POST", SIGN, raw=b"{").status == 401


@pytest.mark.parametrize("said", ["Bearer", "Bearer x.y.z", "Basic abc", "nonsense"])
def test_a_header_that_is_no_token_is_401(small: Serving, said: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x"}, Authorization=said)
    assert (answer.status, answer.problem) == (401, "token-malformed")


def test_a_token_of_somebody_elses_making_is_401(small: Serving, tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    answer = small.ask("POST", SIGN, {"note": "x"}, token=Minter(tmp_path).mint(OFFICER)[0])
    assert (answer.status, answer.problem) == (401, "token-forged")


def test_an_expired_token_is_401(small: Serving) -> None:
    old = Minter(small.keys, clock=lambda: datetime.now(UTC) - timedelta(minutes=16)).mint(OFFICER)[0]
    answer = small.ask("POST", SIGN, {"note": "x"}, token=old)
    assert (answer.status, answer.problem) == (401, "token-expired")


def test_the_wrong_role_is_403(small: Serving, clerk: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x"}, token=clerk)
    assert (answer.status, answer.problem) == (403, "forbidden")


def test_a_resident_needs_no_token_where_residents_may(small: Serving) -> None:
    assert small.ask("POST", "/reports", {"note": "漏水"}).json["actor"] == "resident"


def test_whoever_is_logged_in_may_do_what_any_resident_may(small: Serving, officer: str) -> None:
    assert small.ask("POST", "/reports", {"note": "漏水"}, token=officer).json["actor"] == "resident"


def test_a_bad_token_is_401_also_where_none_is_needed(small: Serving) -> None:
    assert small.ask("POST", "/reports", {"note": "漏水"}, token="x").status == 401


# --- what the engine says


@pytest.mark.parametrize(
    ("refuse", "status", "slug"),
    [
        ("illegal", 409, "illegal-transition"),
        ("stale", 409, "stale-version"),
        ("missing", 404, "not-found"),
        ("busy", 503, "unavailable"),
    ],
)
def test_a_refusal_of_the_engine_is_a_problem(
    small: Serving, officer: str, refuse: str, status: int, slug: str
) -> None:
    answer = small.ask("POST", SIGN, {"note": "x", "refuse": refuse}, token=officer)
    assert (answer.status, answer.problem) == (status, slug)
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_a_refusal_is_told_in_the_callers_language(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x", "refuse": "stale"}, token=officer, Accept_Language="en-GB")
    assert answer.json["detail"] == "You read version 1; it is version 2 now."


# --- keys and versions


def test_the_same_key_and_body_get_the_first_answer_again(small: Serving, officer: str) -> None:
    first, again = (
        small.ask("POST", SIGN, raw=raw, token=officer, Idempotency_Key="key-1")
        for raw in (b'{"note": "x", "photos": []}', b'{ "photos": [],  "note":"x" }')
    )
    assert (first.status, first.data, first.headers["ETag"]) == (again.status, again.data, again.headers["ETag"])


def test_the_same_key_with_another_body_is_422(small: Serving, officer: str) -> None:
    small.ask("POST", SIGN, {"note": "x"}, token=officer, Idempotency_Key="key-2")
    answer = small.ask("POST", SIGN, {"note": "y"}, token=officer, Idempotency_Key="key-2")
    assert (answer.status, answer.problem) == (422, "idempotency-key-reused")


def test_two_people_may_choose_the_same_key(small: Serving, officer: str) -> None:
    other = small.token(Actor("p-08", OFFICER.roles, "zhujian"))
    small.ask("POST", SIGN, {"note": "x"}, token=officer, Idempotency_Key="key-3")
    assert small.ask("POST", SIGN, {"note": "y"}, token=other, Idempotency_Key="key-3").json["actor"] == "p-08"


@pytest.mark.parametrize("key", ["", "a b", "x" * 129])
def test_a_bad_key_is_400(small: Serving, officer: str, key: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x"}, token=officer, Idempotency_Key=key)
    assert (answer.status, answer.problem) == (400, "malformed-key")


def test_a_bad_version_is_400(small: Serving, officer: str) -> None:
    answer = small.ask("POST", SIGN, {"note": "x"}, token=officer, If_Match="newest")
    assert (answer.status, answer.problem) == (400, "malformed-version")


# --- files


def test_a_file_is_read_as_a_stream(small: Serving) -> None:
    answer = small.ask("POST", "/files", raw=b"x" * 90_000, kind="image/png")
    assert (answer.status, answer.json) == (201, {"size": 90_000, "kind": "image/png"})


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_over_the_limit_is_413(small: Serving, chunked: bool) -> None:
    raw = [b"x" * 60_000] * 2 if chunked else b"x" * 120_000
    answer = small.ask("POST", "/files", raw=raw, kind="image/png")
    assert (answer.status, answer.problem) == (413, "too-large")


def test_a_file_of_the_wrong_kind_is_415(small: Serving) -> None:
    assert small.ask("POST", "/files", raw=b"x", kind="text/html").status == 415


def test_a_key_with_another_file_is_422(small: Serving) -> None:
    small.ask("POST", "/files", raw=b"one", kind="image/png", Idempotency_Key="file-1")
    assert small.ask("POST", "/files", raw=b"one", kind="image/png", Idempotency_Key="file-1").status == 201
    assert small.ask("POST", "/files", raw=b"two", kind="image/png", Idempotency_Key="file-1").status == 422
