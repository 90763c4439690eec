"""`@follow` on a service's class: which event becomes which command, checked when the service starts."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from nameko.extensions import DependencyProvider

from shared.contracts.dispatch import CaseStartedV1, CaseSuspendedV1
from shared.contracts.intake import CaseSubmittedV1
from shared.messaging.follow import follow, followers_of

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Notice:
    """A service like the real one, which follows dispatch alone."""

    name = "notice"
    room = DependencyProvider()

    @follow(CaseStartedV1)
    def started(self, event: CaseStartedV1, at: datetime) -> Any:
        """Translates."""
        return "note", event.case_id, at

    @follow(CaseSuspendedV1)
    def suspended(self, event: CaseSuspendedV1, at: datetime) -> Any:  # noqa: ARG002 - as every such method
        """Translates."""
        return None

    def not_a_follower(self) -> None:
        """Something else."""


def test_each_followed_event_has_its_method() -> None:
    """Called without dependencies."""
    followers = followers_of(Notice)
    case = uuid4()
    assert followers.keys() == {CaseStartedV1, CaseSuspendedV1}
    assert followers[CaseStartedV1](CaseStartedV1(case, 1, NOON), NOON) == ("note", case, NOON)


def test_an_event_of_a_publisher_that_the_topology_does_not_let_it_follow_stops_the_service() -> None:
    """It would never arrive."""

    class Wrong(Notice):
        @follow(CaseSubmittedV1)
        def submitted(self, event: CaseSubmittedV1, at: datetime) -> None:
            """Never called."""

    with pytest.raises(TypeError, match=r"notice follows case\.submitted\.v1, but not intake in the topology"):
        followers_of(Wrong)


def test_two_methods_for_one_event_stop_the_service() -> None:
    """One of them would never be called."""

    class Twice(Notice):
        @follow(CaseStartedV1)
        def again(self, event: CaseStartedV1, at: datetime) -> None:
            """The second."""

    with pytest.raises(TypeError, match=r"notice follows case\.started\.v1 twice"):
        followers_of(Twice)
