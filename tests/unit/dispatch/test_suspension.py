"""Suspension (挂账) and release (准予撤离): what only district and street may decide."""

from datetime import datetime, timedelta

import pytest

from services.dispatch.commands import release_assignment, resume_case, suspend_case
from services.dispatch.commands.release_assignment import ReleaseAssignment
from services.dispatch.commands.resume_case import ResumeCase
from services.dispatch.commands.suspend_case import SuspendCase
from services.dispatch.domain.records import Release, Suspension
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.engine.work import Actor, Outcome
from shared.errors import Conflict, Forbidden, IllegalTransition, Invalid
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import CASE, DISTRICT, OFFICER, REVIEWER, STREET, assignment, case

DAY = timedelta(days=1)


def suspend(review_by: datetime | None = None) -> Outcome:
    """The district suspends the case."""
    command = SuspendCase(CASE, "需市级协调", review_by, DISTRICT)
    return decide(suspend_case, command, case(CaseState.IN_PROGRESS))


def test_the_district_suspends_until_a_review_within_thirty_days() -> None:
    """The latest day, if it says none."""
    outcome = suspend()
    assert outcome.result.state is CaseState.SUSPENDED
    assert outcome.result.suspensions == (Suspension(DISTRICT.id, NOON, "需市级协调", NOON + 30 * DAY),)
    (event,) = outcome.events
    assert (event.type, event.review_by) == ("case.suspended.v1", NOON + 30 * DAY)
    assert suspend(NOON + 7 * DAY).events[0].review_by == NOON + 7 * DAY


@pytest.mark.parametrize("review_by", [NOON, NOON - DAY, NOON + 30 * DAY + timedelta(seconds=1)])
def test_a_review_lies_ahead_and_not_beyond_thirty_days(review_by: datetime) -> None:
    """422 that names the field."""
    with pytest.raises(Invalid, match="review-out-of-range") as refusal:
        suspend(review_by)
    assert [*refusal.value.fields] == ["review_by"]


def test_only_the_district_suspends() -> None:
    """Not the street."""
    with pytest.raises(Forbidden):
        decide(suspend_case, SuspendCase(CASE, "x", None, STREET), case(CaseState.IN_PROGRESS))


def test_a_suspended_case_goes_on_and_keeps_when_it_stood_still() -> None:
    """The second pause counts beside the first; one that has not ended has no end."""
    now = NOON + 3 * DAY
    outcome = decide(resume_case, ResumeCase(CASE, "已协调", DISTRICT), case(CaseState.SUSPENDED), now=now)
    resumed = outcome.result
    assert resumed.state is CaseState.IN_PROGRESS
    assert (resumed.suspensions[0].resumed_at, resumed.suspensions[0].resume_reason) == (now, "已协调")
    assert outcome.events[0].type == "case.resumed.v1"
    again = resumed.suspend(DISTRICT.id, NOON + 5 * DAY, "再次", None)
    assert [again.stood_still(NOON + day * DAY) for day in (-1, 0, 2, 3, 4, 5, 90)] == [
        False,
        True,
        True,
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("actor", [STREET, REVIEWER])
@pytest.mark.parametrize("state", [CaseState.IN_PROGRESS, CaseState.TO_VERIFY, CaseState.SUSPENDED])
def test_the_street_lets_a_department_leave_the_site(actor: Actor, state: CaseState) -> None:
    """事不绝、人不撤: once it is on site, and until it is released."""
    mine = assignment(state=AssignmentState.FED_BACK)
    outcome = decide(release_assignment, ReleaseAssignment(mine.id, actor), case(state), mine)
    assert outcome.result.state is AssignmentState.FED_BACK
    assert [one.round for one in outcome.result.releases] == [1]
    assert outcome.events[0].type == "assignment.released.v1"


def test_a_department_cannot_release_itself() -> None:
    """Whatever its own officer asks."""
    mine = assignment(state=AssignmentState.FED_BACK)
    with pytest.raises(Forbidden):
        decide(release_assignment, ReleaseAssignment(mine.id, OFFICER), case(CaseState.IN_PROGRESS), mine)


def test_a_release_holds_for_its_round_only() -> None:
    """After rework the department is on site again."""
    before = (Release(STREET.id, NOON, 1),)
    first = assignment(state=AssignmentState.FED_BACK, releases=before)
    whole = case(CaseState.IN_PROGRESS)
    with pytest.raises(Conflict, match="already-released"):
        decide(release_assignment, ReleaseAssignment(first.id, STREET), whole, first)
    second = assignment(state=AssignmentState.IN_PROGRESS, releases=before, round=2)
    outcome = decide(release_assignment, ReleaseAssignment(second.id, STREET), whole, second)
    assert [one.round for one in outcome.result.releases] == [1, 2]


def test_who_has_not_reported_in_is_not_released() -> None:
    """One cannot leave where one never was."""
    mine = assignment(state=AssignmentState.SIGNED)
    with pytest.raises(IllegalTransition):
        decide(release_assignment, ReleaseAssignment(mine.id, STREET), case(CaseState.IN_PROGRESS), mine)
