"""The envelope: CloudEvents in both directions, and every way in which bytes are no message of ours."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.contracts import registry
from shared.contracts.notice import SummonsReadV1
from shared.messaging.envelope import Unreadable, apart, decode, encode, event_of, together
from shared.store.changes import Announced, Trace

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CASE, ASSIGNMENT, ID = (UUID(int=number) for number in (1, 2, 3))
EVENT = SummonsReadV1(CASE, ASSIGNMENT, "cg", "p-wang", NOON)
ROW = Announced(
    ID, "summons.read.v1", str(CASE), 7, NOON, Trace("first", "second", "00-aa-bb-01"), registry.encode(EVENT)
)


def message(**attributes: Any) -> bytes:
    """A good message with other attributes; None takes one away."""
    changed = json.loads(encode(ROW, "notice")) | attributes
    return json.dumps({name: value for name, value in changed.items() if value is not None}).encode()


def test_a_message_is_a_cloud_event_in_structured_json() -> None:
    """Anybody's CloudEvents library reads it."""
    assert json.loads(encode(ROW, "notice")) == {
        "specversion": "1.0",
        "id": str(ID),
        "source": "whistle/notice",
        "type": "summons.read.v1",
        "subject": str(CASE),
        "time": "2026-03-02T04:00:00Z",
        "sequence": 7,
        "data": {
            "case_id": str(CASE),
            "assignment_id": str(ASSIGNMENT),
            "department": "cg",
            "read_by": "p-wang",
            "read_at": "2026-03-02T04:00:00Z",
        },
        "correlationid": "first",
        "causationid": "second",
        "traceparent": "00-aa-bb-01",
    }


def test_what_was_written_is_read_again() -> None:
    """The event, its place, its publisher and its trace."""
    envelope = decode(encode(ROW, "notice"))
    assert event_of(envelope) == EVENT
    assert (envelope.publisher, envelope.subject, envelope.sequence, envelope.time) == ("notice", str(CASE), 7, NOON)
    assert envelope.trace == ROW.trace


def test_text_is_read_like_bytes() -> None:
    """Some brokers' libraries give text."""
    assert decode(encode(ROW, "notice").decode()).id == ID


def test_a_batch_is_an_array_of_messages_and_is_taken_apart_into_their_bytes() -> None:
    """CloudEvents' JSON batch format."""
    messages = [encode(ROW, "notice"), encode(replace(ROW, sequence=8), "notice")]
    assert json.loads(together(messages)) == [json.loads(one) for one in messages]
    assert apart(together(messages)) == messages


@pytest.mark.parametrize("body", [encode(ROW, "notice"), b"", b"[]", b"[1, ", b"[\xff]"])
def test_what_is_no_batch_stays_whole(body: bytes) -> None:
    """Also what only begins as one."""
    assert apart(body) == [body]


def test_empty_attributes_are_left_out_and_read_as_empty() -> None:
    """CloudEvents allows no empty attribute."""
    body = encode(replace(ROW, trace=Trace()), "notice")
    assert not {"correlationid", "causationid", "traceparent"} & json.loads(body).keys()
    assert decode(body).trace == Trace()


def test_attributes_and_fields_that_nobody_knows_are_passed_over() -> None:
    """A newer publisher may add some."""
    body = message(newattribute="x", data=json.loads(ROW.data) | {"colour": "red"})
    assert event_of(decode(body)) == EVENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"specversion": "1.0"}',
        message(specversion="0.3"),
        message(id="not a uuid"),
        message(source="elsewhere/notice"),
        message(subject=""),
        message(subject=None),
        message(sequence=0),
        message(sequence="7"),
        message(time="2026-03-02T04:00:00"),
        message(data=None),
    ],
)
def test_bytes_that_are_no_envelope_are_undecodable(body: bytes) -> None:
    """Whatever they are, there is a reason and no place."""
    with pytest.raises(Unreadable) as caught:
        decode(body)
    assert (caught.value.reason, caught.value.envelope) == ("undecodable", None)
    assert caught.value.detail


@pytest.mark.parametrize(
    ("type_", "reason", "detail"),
    [
        ("summons.read.v9", "future-version", "summons.read.v9; known up to v1"),
        ("summons.sung.v1", "unknown-type", "summons.sung.v1"),
        ("summons.read", "unknown-type", "summons.read"),
        ("summons.read.v0", "unknown-type", "summons.read.v0"),
        ("case.whistled.v1", "foreign-event", "case.whistled.v1 from whistle/notice"),
    ],
)
def test_a_type_that_cannot_be_understood_is_named_and_keeps_its_place(type_: str, reason: str, detail: str) -> None:
    """So that its case waits for it."""
    with pytest.raises(Unreadable) as caught:
        decode(message(type=type_))
    assert (caught.value.reason, caught.value.detail) == (reason, detail)
    assert caught.value.envelope is not None
    assert caught.value.envelope.sequence == 7


@pytest.mark.parametrize("data", [{}, {"case_id": "x"}, [], "text"])
def test_data_that_are_not_as_the_type_demands_are_bad(data: Any) -> None:
    """The envelope alone can be read."""
    envelope = decode(message(data=data))
    with pytest.raises(Unreadable) as caught:
        event_of(envelope)
    assert (caught.value.reason, caught.value.envelope) == ("bad-data", envelope)


def test_an_explanation_is_not_longer_than_an_explanation_may_be() -> None:
    """It is stored with each message."""
    assert len(Unreadable("undecodable", "x" * 10_000).detail) == 300
