"""What a request brings is read within bounds, and what is wrong is named."""

import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import RAISE, Schema, fields, validate

from shared.errors import Invalid, TooLarge
from shared.web.body import Stream, declared_length, expect_kind, expect_size
from shared.web.refusals import Malformed, WrongMediaType
from shared.web.request import TRACEPARENT, key_of, load_body, load_query, trace_of, version_of
from shared.web.strict import strict


class Place(Schema):
    longitude = fields.Float(required=True)


class Body(Schema):
    class Meta:
        unknown = RAISE

    note = fields.String(validate=validate.Length(1, 5))
    count = fields.Integer()
    urgent = fields.Boolean()
    place = fields.Nested(Place)
    photos = fields.List(fields.Integer())


class Search(Schema):
    class Meta:
        unknown = RAISE

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    state = fields.List(fields.String())
    text = fields.String()


def environ(body: bytes = b"", **more: Any) -> dict[str, Any]:
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "text/plain", **more}


def loaded(body: bytes, limit: int = 1000) -> Any:
    return load_body(strict(Body()), environ(body), limit)[1]


def wrong(body: bytes) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        loaded(body)
    return set(refusal.value.fields)


def test_a_good_body_is_loaded_by_its_schema() -> None:
    assert loaded(b'{"note": "abc", "place": {"longitude": 120}}') == {"note": "abc", "place": {"longitude": 120.0}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"note": ""}', "note"),
        (b'{"other": 1}', "other"),
        (b'{"place": {}}', "place.longitude"),
        (b'{"place": 5}', "place"),
        (b'{"photos": [1, "x"]}', "photos.1"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'"text"', "body"),
        (b'{"note": "a\\u0000"}', "note"),
        (b'{"place": {"longitude": 1, "x": "\\u0000"}}', "place.x"),
        (b'{"photos": ["\\u0000"]}', "photos.0"),
        (b'{"count": "5"}', "count"),
        (b'{"count": 5.5}', "count"),
        (b'{"count": true}', "count"),
        (b'{"urgent": "yes"}', "urgent"),
        (b'{"urgent": 1}', "urgent"),
        (b'{"place": {"longitude": "120"}}', "place.longitude"),
        (b'{"place": {"longitude": false}}', "place.longitude"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(body: bytes, field: str) -> None:
    assert wrong(body) == {field}


def test_every_wrong_field_is_named_at_once() -> None:
    assert wrong(b'{"note": "", "other": 1, "count": "x", "place": {}}') == {
        "note",
        "other",
        "count",
        "place.longitude",
    }


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert loaded(b'{"count": 5.0}') == {"count": 5}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'a': 1}", b"\xff", b'{"a": NaN}', b"{} {}", b'{"a": "\\ud800"}', b"[" * 5000]
)
def test_broken_json_is_malformed_and_says_where(body: bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        loaded(body, limit=10_000)
    assert refusal.value.slug == "malformed-json"
    assert {"line", "column"} <= refusal.value.facts.keys()


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_body_breaks_the_door(body: bytes) -> None:
    with suppress(Malformed, Invalid):
        loaded(body)


def test_a_query_is_loaded_with_its_defaults_and_lists() -> None:
    found = load_query(Search(), environ(QUERY_STRING="state=a&state=b&text=%E6%BC%8F%E6%B0%B4"))
    assert found == {"limit": 50, "state": ["a", "b"], "text": "漏水"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=x", "limit"),
        ("limit=0", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("other=1", "other"),
        ("text=a%00b", "text"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load_query(Search(), environ(QUERY_STRING=query))
    assert set(refusal.value.fields) == {field}


def test_a_query_of_a_thousand_parameters_is_malformed() -> None:
    with pytest.raises(Malformed):
        load_query(Search(), environ(QUERY_STRING="&".join(["text=a"] * 1000)))


def test_a_route_without_a_query_passes_it_over() -> None:
    assert load_query(None, environ(QUERY_STRING="utm=1")) == {}


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "钥匙", "a\x00", "a\n"])
def test_a_key_that_is_not_1_to_128_visible_letters_is_malformed(key: str) -> None:
    with pytest.raises(Malformed) as refusal:
        key_of({"HTTP_IDEMPOTENCY_KEY": key})
    assert refusal.value.slug == "malformed-key"


def test_a_good_key_is_taken_and_none_is_none() -> None:
    assert key_of({"HTTP_IDEMPOTENCY_KEY": "x" * 128}) == "x" * 128
    assert key_of({}) == ""


@pytest.mark.parametrize(("said", "version"), [(None, None), ("*", None), ('"0"', 0), ('"17"', 17), ("17", 17)])
def test_the_version_is_what_if_match_names(said: str | None, version: int | None) -> None:
    assert version_of({} if said is None else {"HTTP_IF_MATCH": said}) == version


@pytest.mark.parametrize("said", ["", "x", '"x"', 'W/"3"', '"1", "2"', '"-1"', '"9999999999"'])
def test_an_if_match_that_names_no_version_is_malformed(said: str) -> None:
    with pytest.raises(Malformed) as refusal:
        version_of({"HTTP_IF_MATCH": said})
    assert refusal.value.slug == "malformed-version"


def test_a_request_keeps_its_callers_ids() -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    trace = trace_of({"HTTP_X_REQUEST_ID": "from-the-gateway", "HTTP_TRACEPARENT": parent})
    assert (trace.correlation, trace.traceparent) == ("from-the-gateway", parent)


@pytest.mark.parametrize(
    "parent", ["", "x", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "ff-" + "a" * 32 + "-" + "b" * 16 + "-01"]
)
def test_unusable_ids_are_replaced_by_good_ones(parent: str) -> None:
    trace = trace_of({"HTTP_X_REQUEST_ID": "bad id\n", "HTTP_TRACEPARENT": parent})
    assert len(trace.correlation) == 32
    assert TRACEPARENT.fullmatch(trace.traceparent)


def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    asked = environ(b"x" * 11)
    with pytest.raises(TooLarge) as refusal:
        expect_size(asked, 10)
    assert refusal.value.facts == {"limit": 10}
    assert asked["wsgi.input"].tell() == 0


def test_a_stream_that_grows_too_large_is_refused_on_the_way() -> None:
    stream = Stream(environ(b"x" * 100, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"), 50)
    with pytest.raises(TooLarge):
        stream.read()


def test_a_body_that_ends_too_early_is_malformed() -> None:
    with pytest.raises(Malformed):
        Stream(environ(b"short", CONTENT_LENGTH="100"), 1000).read()


def test_a_stream_knows_what_it_gave() -> None:
    same, other = (Stream(environ(content), 100, hashing=True) for content in (b"one", b"two"))
    assert same.read() == b"one"
    assert other.read() == b"two"
    assert same.digest() != other.digest()


@pytest.mark.parametrize(
    ("said", "kinds", "taken"),
    [
        ("application/json; charset=utf-8", ("application/json",), True),
        ("Application/JSON", ("application/json",), True),
        ("text/plain", ("application/json",), False),
        ("", ("application/json",), False),
        ("image/png", ("image/*",), True),
        ("imagery/png", ("image/*",), False),
    ],
)
def test_only_the_declared_kinds_of_body_are_taken(said: str, kinds: tuple[str, ...], taken: bool) -> None:
    if taken:
        expect_kind({"CONTENT_TYPE": said}, kinds)
    else:
        with pytest.raises(WrongMediaType):
            expect_kind({"CONTENT_TYPE": said}, kinds)


def test_a_body_in_chunks_announces_no_length() -> None:
    assert declared_length({"HTTP_TRANSFER_ENCODING": "chunked"}) is None
    assert declared_length({}) == 0
