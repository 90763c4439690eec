"""What is announced has a contract of its publisher, every contract is announced, and whoever follows will hear."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.registry import PUBLISHERS, all_events
from shared.messaging.follow import followers_of
from shared.messaging.topology import FOLLOWS

ROOT = Path(__file__).parents[2]
SERVICES = [name for name in FOLLOWS if name != "gateway"]
EVENTS = {event.__name__: event for event in all_events().values()}


def announced(service: str) -> Iterator[str]:
    """The events that the service's code makes."""
    for path in (ROOT / "services" / service).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in EVENTS:
                    yield name


def followed(service: str) -> set[type[Any]]:
    """The events that the service follows; `TypeError` where the topology has no queue for one."""
    module: Any = importlib.import_module(f"services.{service}.service")
    return {*followers_of(getattr(module, f"{service.capitalize()}Service"))}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_announces_every_event_of_its_contracts_and_no_other(service: str) -> None:
    """An event under another's name would come from the wrong stream; a contract that nobody keeps misleads."""
    assert {*announced(service)} == {name for name, event in EVENTS.items() if event.publisher == service}


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_that_a_service_follows_has_a_contract_and_a_queue(service: str) -> None:
    """By which it arrives."""
    assert followed(service) <= {*EVENTS.values()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_queues_only_for_publishers_of_which_it_needs_something(service: str) -> None:
    """Of the directory it needs the reference data that it keeps."""
    wiring = importlib.import_module(f"services.{service}.wiring").WIRING
    needed = {event.publisher for event in followed(service)} | ({"directory"} if wiring.references else set())
    assert set(FOLLOWS[service]) == needed


def test_who_publishes_is_a_service_or_the_hotline() -> None:
    """The one publisher from outside."""
    assert set(PUBLISHERS) == {*SERVICES, "hotline"}
