"""A route knows its operation, or the service does not even start."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.web.endpoint import command, query
from shared.web.route import operation_by, routes_of
from tests.component.web.small import SmallService


@dataclass
class SignAssignment:
    """Stands for the real command of this name."""


SignAssignment.__module__ = "services.dispatch.commands.sign_assignment"


def test_a_command_route_is_known_by_the_command_that_its_method_returns() -> None:
    def sign(_self: Any, _request: Any) -> SignAssignment:
        return SignAssignment()

    assert operation_by(sign, "") == "dispatch.sign_assignment"


def test_a_method_that_may_return_nothing_is_known_by_the_command_all_the_same() -> None:
    def sign(_self: Any, _request: Any) -> SignAssignment | None:
        return None

    assert operation_by(sign, "") == "dispatch.sign_assignment"


def test_a_route_whose_operation_is_not_in_the_policy_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ValueError, match=r"no operation dispatch\.burn_files"):

        @query("GET", "/x", operation="dispatch.burn_files")
        def burn(_self: Any, _request: Any) -> None: ...


def test_a_command_route_that_names_no_command_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ValueError, match="no operation"):

        @command("POST", "/x")
        def nothing(_self: Any, _request: Any) -> None: ...


def test_all_routes_of_a_service_are_found() -> None:
    found = {(route.method, route.path) for _, route in routes_of(SmallService)}
    assert ("POST", "/assignments/<uuid:assignment_id>/signature") in found
    assert len(found) == 11
