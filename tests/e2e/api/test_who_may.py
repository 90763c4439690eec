"""Every operation of every service serves each role that may use it, in a real state, and refuses all others."""

import importlib
from collections.abc import Callable
from uuid import uuid4

import pytest

from shared.access.actor import Role
from shared.access.policy import POLICY
from tests.e2e.api.operations import Operation
from tests.e2e.api.people import NEW, Somebody
from tests.e2e.api.town import Town, soon
from tools.client import Json

OF_PEOPLE = {operation: [role for role in rule.roles if role is not Role.SYSTEM] for operation, rule in POLICY.items()}
PEOPLES = {operation: roles for operation, roles in OF_PEOPLE.items() if roles}
WHO_MAY = [(operation, role) for operation, roles in PEOPLES.items() for role in roles]
ASKED_ABOUT = {
    "/api/directory/places": "?longitude=118.1026&latitude=32.2018",
    "/api/dispatch/forecast": "?category=E06-01&area=cj.sanhe.honghu&kind=joint_enforcement",
}


def feat_of(operation: str) -> Callable[[Town, Somebody], None] | None:
    """How somebody succeeds in it; None for what is only read."""
    service, _, name = operation.partition(".")
    feat: Callable[[Town, Somebody], None] | None
    feat = getattr(importlib.import_module(f"tests.e2e.api.feats.{service}"), name, None)
    return feat


def read(town: Town, who: Somebody, operation: Operation) -> None:
    """Read what there is to read about a case in which everything has happened, as soon as it is known there."""
    path = operation.path.format_map(town.example) if operation.variables else operation.path
    soon(lambda: who.get(path + ASKED_ABOUT.get(path, "")))


@pytest.mark.parametrize(("operation", "role"), WHO_MAY)
def test_whoever_may_use_an_operation_is_served(town: Town, operation: str, role: Role) -> None:
    """At each of its addresses, with 2xx, and with what the API's description says."""
    who = town.somebody(role)
    addresses = [one for one in town.operations if one.name == operation]
    for one in addresses:
        if one.method == "GET" and "message_id" not in one.variables:
            read(town, who, one)
    feat = feat_of(operation)
    if feat:
        feat(town, who)
    served = [(one, what) for what in who.served for one in town.operations if one.is_at(what.method, what.path)]
    never_served = [one.path for one in addresses if one not in [of for of, _ in served]]
    assert addresses or feat
    assert never_served == []
    assert [flaw for of, what in served for flaw in of.flaws(what.status, what.answer)] == []


@pytest.mark.parametrize("operation", PEOPLES)
def test_whoever_may_not_use_an_operation_is_refused(town: Town, operation: str) -> None:
    """403 for a role that its rule does not name, 401 without a token; nothing else is looked at before."""
    allowed = {*PEOPLES[operation]}
    for one in town.operations:
        if one.name == operation:
            assert one.roles == allowed
            others = set() if Role.RESIDENT in allowed else {*NEW} - allowed
            assert {role: knock(town, one, role) for role in others} == dict.fromkeys(others, 403)
            if Role.RESIDENT not in allowed:
                assert knock(town, one, Role.RESIDENT) == 401


def knock(town: Town, operation: Operation, role: Role) -> int:
    """The status that somebody of this role gets who asks for something that does not exist."""
    path = operation.path.format_map(dict.fromkeys(operation.variables, str(uuid4())))
    token = "" if role is Role.RESIDENT else town.person(NEW[role]).token
    body: Json = {} if operation.kind == "application/json" else None
    return town.api.ask(operation.method, path, body, data=b"x" if operation.kind else None, token=token)[0]
