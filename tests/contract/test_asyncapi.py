"""The AsyncAPI document names every message, who announces it and by which queue who receives it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from typer.testing import CliRunner

from shared.contracts import registry
from shared.contracts.registry import all_events
from shared.messaging.envelope import encode, together
from shared.messaging.topology import BATCH, FOLLOWS
from shared.store.changes import Announced, Trace
from tests.contract.examples import NOON, example
from tools.asyncapi import document
from tools.whistle import app

EVENTS = all_events()


@pytest.fixture(scope="module")
def generated() -> dict[str, Any]:
    """The document."""
    return document()


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from [value] if key == "$ref" else references(value)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_reference_leads_somewhere(generated: dict[str, Any]) -> None:
    """No schema was forgotten."""
    for reference in references(generated):
        found: Any = generated
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_event_is_announced_and_every_queue_is_received_from(generated: dict[str, Any]) -> None:
    """By the publisher's routing key, and by the subscriber's queue with everything its publisher announces."""
    operations = generated["operations"]
    sent = {name.partition(".announces.")[2] for name, one in operations.items() if one["action"] == "send"}
    assert sent == {*EVENTS, BATCH}
    for subscriber, publishers in FOLLOWS.items():
        for publisher in publishers:
            messages = generated["channels"][f"{subscriber}.follows.{publisher}"]["messages"]
            assert set(messages) == {name for name, event in EVENTS.items() if event.publisher == publisher} | {BATCH}
            assert operations[f"{subscriber}.follows.{publisher}"]["action"] == "receive"


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_announced_is_as_the_document_says(name: str, generated: dict[str, Any]) -> None:
    """A message as the relay writes it fits its schema, and only its own."""
    event = EVENTS[name]
    body = encode(example_row(name), event.publisher)
    assert fitting(body, generated) == {name}
    assert fitting(together([body, body]), generated) == {BATCH}


def example_row(name: str) -> Announced:
    """An event of this name, as it lies in the outbox."""
    return Announced(uuid4(), name, "s", 1, NOON, Trace("c", "d", "e"), registry.encode(example(EVENTS[name])))


def fitting(body: bytes, generated: dict[str, Any]) -> set[str]:
    """The document's messages whose schema these bytes fit."""
    registered: Registry[Any] = Registry().with_resource("urn:doc", DRAFT202012.create_resource(generated))
    return {
        one
        for one in generated["components"]["messages"]
        if Draft202012Validator({"$ref": f"urn:doc#/components/messages/{one}/payload"}, registry=registered).is_valid(
            json.loads(body)
        )
    }


def test_the_command_writes_the_document_to_a_file_or_to_the_screen(tmp_path: Path) -> None:
    """As `whistle asyncapi`."""
    path = tmp_path / "asyncapi.json"
    assert CliRunner().invoke(app, ["asyncapi", str(path)]).exit_code == 0
    assert json.loads(path.read_text()) == json.loads(CliRunner().invoke(app, ["asyncapi"]).stdout) == document()
