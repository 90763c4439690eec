"""What services promise each other: pinned, read in both directions, nothing personal in it."""

import json
import re
from copy import deepcopy
from typing import Any
from uuid import UUID

import msgspec
import pytest

from shared.contracts import registry
from shared.contracts.registry import PUBLISHERS, all_events
from shared.messaging.topology import FOLLOWS, is_followed
from tests.contract.snapshots import SAMPLES, SCHEMAS, breaks, pinned_schema, samples, schema_of

EVENTS = all_events()
PERSONAL = {"address_of_reporter", "caller", "id_card", "mobile", "password", "phone", "reporter", "reporter_name"} | {
    "reporter_phone", "telephone", "tracking_code",
}  # fmt: skip

each_event = pytest.mark.parametrize("name", EVENTS)


@each_event
def test_an_event_is_as_it_is_pinned(name: str) -> None:
    """After a wanted change: python -m tests.contract.renew, and look at what git shows."""
    assert schema_of(EVENTS[name]) == pinned_schema(name), "python -m tests.contract.renew"


@each_event
def test_every_payload_that_was_ever_announced_is_still_read_as_it_was_meant(name: str) -> None:
    """Whatever it says is found again; fields that came later have their defaults."""
    old = samples(name)
    assert old
    for sample in old:
        event = registry.decode(name, json.dumps(sample).encode())
        assert json.loads(registry.encode(event)).items() >= sample.items()


@each_event
def test_a_field_of_a_newer_publisher_is_passed_over(name: str) -> None:
    """An older subscriber goes on."""
    for sample in samples(name):
        newer = registry.decode(name, json.dumps(sample | {"field_of_tomorrow": [1]}).encode())
        assert newer == registry.decode(name, json.dumps(sample).encode())


@each_event
def test_a_payload_without_a_required_field_is_refused(name: str) -> None:
    """Instead of becoming half an event."""
    schema = schema_of(EVENTS[name])
    required = schema["$defs"][EVENTS[name].__name__]["required"]
    for field in required:
        rest = {key: value for key, value in samples(name)[0].items() if key != field}
        with pytest.raises(msgspec.ValidationError, match=field):
            registry.decode(name, json.dumps(rest).encode())


@each_event
def test_an_event_is_named_for_what_happened_with_its_version_and_belongs_to_a_publisher(name: str) -> None:
    """`case.whistled.v1` is CaseWhistledV1, in the publisher's module."""
    event = EVENTS[name]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+\.v[1-9]\d*", name)
    assert event.__name__ == "".join(part.capitalize() for part in re.split(r"[._]", name))
    assert event.publisher in PUBLISHERS
    assert event.publisher in FOLLOWS or is_followed(event.publisher), "nobody in the topology announces or follows it"


@each_event
def test_an_event_says_what_it_is_about(name: str) -> None:
    """A case, or a set of reference data; the hotline's calls become cases."""
    subject = {"directory": "name", "hotline": "call_id"}.get(EVENTS[name].publisher, "case_id")
    kind = EVENTS[name].__annotations__[subject]
    assert kind is (str if subject == "name" else UUID)


@each_event
def test_nothing_personal_is_in_an_event(name: str) -> None:
    """Who has to call a resident asks intake."""
    fields = {field for part in schema_of(EVENTS[name])["$defs"].values() for field in part["properties"]}
    assert not fields & PERSONAL


def test_no_published_event_was_taken_away() -> None:
    """Its messages may still lie in a queue or a table."""
    assert (
        {path.stem for path in SCHEMAS.glob("*.json")} == {path.stem for path in SAMPLES.glob("*.json")} == set(EVENTS)
    )


BEFORE: dict[str, Any] = {
    "$ref": "#/$defs/Told",
    "$defs": {"Told": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}},
}


def changed(**told: Any) -> dict[str, Any]:
    """The same schema with another `Told`."""
    now = deepcopy(BEFORE)
    now["$defs"]["Told"].update(told)
    return now


def test_a_new_field_with_a_default_breaks_nothing() -> None:
    """The one change that a published event allows."""
    wider = {"a": {"type": "string"}, "b": {"type": "string", "default": ""}}
    assert list(breaks(BEFORE, changed(properties=wider))) == []


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (changed(properties={}), "Told.a is gone"),
        (changed(properties={"a": {"type": "integer"}}), "Told.a is gone, or is of another kind"),
        (changed(required=[]), "may lack fields"),
        (changed(properties={"a": {"type": "string"}, "b": {"type": "string"}}, required=["a", "b"]), "needs fields"),
        ({"$ref": "#/$defs/Other", "$defs": {}}, "Told.a is gone"),
    ],
)
def test_any_other_change_needs_a_new_version(now: dict[str, Any], reason: str) -> None:
    """`renew` refuses it and says why."""
    assert any(reason in one for one in breaks(BEFORE, now))
