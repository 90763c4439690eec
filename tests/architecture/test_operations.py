"""The policy names every operation of every service and no other: its routes, its commands, what its queries ask."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.access.actor import Role
from shared.access.policy import POLICY
from shared.messaging.topology import FOLLOWS
from shared.web.route import routes_of

ROOT = Path(__file__).parents[2]
SERVICES = [name for name in FOLLOWS if name != "gateway"]
OF_EVERYBODY = {operation for operation in POLICY if operation.startswith("parking.")}  # routes that services inherit
OF_THE_SYSTEM = {operation for operation, rule in POLICY.items() if {*rule.roles} == {Role.SYSTEM}}


def routes(service: str) -> set[str]:
    """The operations to which a route of the service leads."""
    module: Any = importlib.import_module(f"services.{service}.service")
    return {route.operation for _, route in routes_of(getattr(module, f"{service.capitalize()}Service"))}


def commands(service: str) -> set[str]:
    """The operations that the service's commands are."""
    package = importlib.import_module(f"services.{service}.commands")
    names = (info.name for info in pkgutil.iter_modules(package.__path__))
    return {f"{service}.{name}" for name in names if not name.startswith("_")}


def asked(service: str) -> Iterator[str]:
    """What the service's queries ask the policy by name."""
    for node in ast.walk(ast.parse((ROOT / "services" / service / "store" / "queries.py").read_text("utf-8"))):
        if isinstance(node, ast.Constant) and node.value in POLICY:
            yield str(node.value)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_of_a_service_is_in_the_policy(service: str) -> None:
    """Under the service's own name, or as one that services share."""
    of_policy = {operation for operation in POLICY if operation.startswith(f"{service}.")}
    assert routes(service) | commands(service) <= of_policy | OF_EVERYBODY


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_of_the_policy_exists(service: str) -> None:
    """As a route, a command or a question of the service; a rule for nothing would be a rule that nobody keeps."""
    of_policy = {operation for operation in POLICY if operation.startswith(f"{service}.")}
    assert of_policy - routes(service) - commands(service) - {*asked(service)} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_command_has_a_route_exactly_when_people_may_give_it(service: str) -> None:
    """What only events and clocks cause cannot be reached from outside."""
    assert commands(service) - routes(service) == commands(service) & OF_THE_SYSTEM
    assert routes(service) & OF_THE_SYSTEM == set()


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_follows_others_lets_administrators_settle_what_is_parked(service: str) -> None:
    """All of it, and only there."""
    assert routes(service) & OF_EVERYBODY == (OF_EVERYBODY if FOLLOWS[service] else set())


def test_the_policy_knows_no_other_service() -> None:
    """Each other operation begins with a service's name."""
    assert {operation.partition(".")[0] for operation in POLICY.keys() - OF_EVERYBODY} == set(SERVICES)
