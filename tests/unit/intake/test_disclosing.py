"""Showing who reported a case, with a reason and on record."""

import pytest

from services.intake.commands import reveal_reporter
from services.intake.commands.reveal_reporter import RevealReporter
from services.intake.domain.disclosure import Disclosure
from shared.access.actor import Actor
from shared.errors import Forbidden, NotFound
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    CALLBACK,
    CASE_ID,
    CELL,
    CLERK,
    OFFICER,
    OTHER_CLERK,
    REPORTER,
    REVIEWER,
    SUPERVISOR,
    a_case,
    complaint,
    only,
    settle,
)


def test_the_call_back_clerk_is_shown_whom_to_call_and_is_noted() -> None:
    """Who, when, why; the reporter's data only in the answer."""
    outcome = settle(reveal_reporter, RevealReporter(CASE_ID, "回访", CALLBACK), a_case(), complaint())
    assert outcome.result == REPORTER
    seen = only(outcome, Disclosure)
    assert (seen.case_id, seen.area, seen.person, seen.reason, seen.at) == (CASE_ID, CELL, CALLBACK.id, "回访", NOON)
    assert outcome.events == ()


def test_of_a_call_the_hotline_alone_knows_who_called() -> None:
    """There is nobody to show."""
    with pytest.raises(NotFound) as refused:
        settle(reveal_reporter, RevealReporter(CASE_ID, "回访", CLERK), a_case())
    assert refused.value.slug == "reporter-elsewhere"


@pytest.mark.parametrize("actor", [OFFICER, REVIEWER, SUPERVISOR, OTHER_CLERK], ids=lambda actor: actor.id)
def test_nobody_else_is_shown_the_reporter(actor: Actor) -> None:
    """Least of all a department."""
    with pytest.raises(Forbidden):
        settle(reveal_reporter, RevealReporter(CASE_ID, "想知道", actor), a_case(), complaint())
