"""Log lines: one JSON object each, and nothing personal in any of them."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.runtime import log

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What this process has logged as the service `intake`."""
    written = io.BytesIO()
    stdout = io.TextIOWrapper(written)
    monkeypatch.setattr("sys.stdout", stdout)
    handlers, level = logging.root.handlers, logging.root.level
    log.configure("intake", "info")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()
    log.tie("", "")


def masked(value: Any) -> Any:
    return log.mask(None, "info", {"value": value})["value"]


def test_an_event_is_one_line_with_its_service_level_and_time(lines: Lines) -> None:
    log.get().warning("message parked", queue="dispatch.follows.intake")
    (line,) = lines()
    assert (line["event"], line["level"], line["service"]) == ("message parked", "warning", "intake")
    assert line["queue"] == "dispatch.follows.intake"
    assert line["timestamp"].endswith("Z")


def test_a_line_tells_which_request_it_belongs_to(lines: Lines) -> None:
    log.tie("request-1", "00-aa-bb-01")
    log.get().info("late")
    (line,) = lines()
    assert (line["correlation"], line["traceparent"]) == ("request-1", "00-aa-bb-01")


def test_what_libraries_log_comes_out_the_same_way_from_warnings_upwards(lines: Lines) -> None:
    logging.getLogger("amqp").info("narration")
    logging.getLogger("amqp").warning("connection to %s lost", "broker")
    logging.getLogger("shared.engine").info("breaker opened")
    assert [(line["event"], line["logger"]) for line in lines()] == [
        ("connection to broker lost", "amqp"),
        ("breaker opened", "shared.engine"),
    ]


def test_an_exception_keeps_its_trace_and_loses_what_the_database_quotes(lines: Lines) -> None:
    try:
        raise RuntimeError("duplicate key\nDETAIL: Key (phone)=(secret person) exists\nof 13912345678")
    except RuntimeError:
        log.get().error("request failed", exc_info=True)
    (line,) = lines()
    assert "RuntimeError: duplicate key" in line["exception"]
    assert "secret person" not in line["exception"]
    assert "13912345678" not in line["exception"]


@pytest.mark.parametrize("key", sorted(log.MASKED_KEYS))
def test_the_value_of_a_personal_key_is_never_logged(key: str) -> None:
    event = {key: "李四", "nested": {key: "李四"}, "list": [{key: "李四"}]}
    assert "李四" not in str(log.mask(None, "info", event))


@pytest.mark.parametrize(
    "value",
    [
        "13912345678",
        "call 13912345678 now",
        "+86 139-1234-5678",
        "0571-88123456",
        "33010619800101123X",
        ("13912345678",),
        {"x": ["13912345678"]},
        13912345678,
    ],
)
def test_what_looks_like_a_telephone_or_identity_number_is_masked_anywhere(value: Any) -> None:
    said = str(masked(value))
    assert "1234" not in said
    assert "88123456" not in said


@pytest.mark.parametrize("value", ["2026-03-02T04:00:00Z", "cj.sanhe.honghu.g03", "case 2026030200017", 42, 1.5, None])
def test_what_is_no_telephone_number_stays_as_it_is(value: Any) -> None:
    assert masked(value) == value


@given(st.uuids())
@settings(deadline=None)
def test_an_id_is_never_taken_for_a_telephone_number(id: UUID) -> None:
    assert masked(str(id)) == str(id)
    assert masked(id) == str(id)
