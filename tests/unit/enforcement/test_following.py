"""Enforcement follows dispatch's announcements, so that it knows by itself who is on site."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.enforcement.commands import follow_assignment
from services.enforcement.commands.follow_assignment import FollowAssignment
from services.enforcement.domain.assignment import Assignment
from services.enforcement.domain.transitions import AssignmentState
from shared.contracts.dispatch import (
    AssignmentExcusedV1,
    AssignmentFedBackV1,
    AssignmentReportedInV1,
    CaseDispatchedV1,
    CaseReopenedV1,
    DispatchWithdrawnV1,
    DisputeRuledV1,
    Summons,
    SummonsChangedV1,
)
from shared.contracts.places import Place
from shared.errors import Forbidden
from tests.support.deciding import decide
from tests.unit.enforcement.team import CHEN, Desk

WHEN = datetime(2026, 3, 2, tzinfo=UTC)
CASE, LEAD, SUPPORT, LATER = (UUID(int=number) for number in range(1, 5))
PLACE = Place("cj.sanhe.honghu.1")
S = AssignmentState


def summons(id: UUID, department: str) -> Summons:
    """One department's part."""
    return Summons(id, department, department, "lead", 60)


BOTH = (summons(LEAD, "zhujian"), summons(SUPPORT, "chengguan"))
ALL = (*BOTH, summons(LATER, "shichang"))
DISPATCHED = CaseDispatchedV1(CASE, "CJ-1", "joint", "loushui", PLACE, "漏水", BOTH, "", WHEN)
REPORTED = AssignmentReportedInV1(CASE, LEAD, "zhujian", "a", None, False, WHEN)
FED_BACK = AssignmentFedBackV1(CASE, LEAD, "zhujian", "a", "已修", 1, WHEN)


def changed(added: tuple[UUID, ...], removed: tuple[UUID, ...], now: tuple[Summons, ...]) -> SummonsChangedV1:
    """A corrected list of summonses."""
    return SummonsChangedV1(CASE, "CJ-1", "joint", "loushui", PLACE, "漏水", now, added, removed, "", "d", WHEN)


def follow(*events: Any) -> dict[UUID, AssignmentState]:
    """Where each assignment stands after these events."""
    desk = Desk()
    for event in events:
        desk.do(follow_assignment, FollowAssignment(event))
    return {one.id: one.state for one in desk.kept.values() if isinstance(one, Assignment)}


def test_a_dispatched_case_brings_all_its_assignments() -> None:
    """Each with its department, and where the case lies."""
    outcome = decide(follow_assignment, FollowAssignment(DISPATCHED))
    assert outcome.new == (
        Assignment(LEAD, CASE, "CJ-1", "loushui", "zhujian", PLACE.area),
        Assignment(SUPPORT, CASE, "CJ-1", "loushui", "chengguan", PLACE.area),
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((REPORTED,), {LEAD: S.REPORTED_IN, SUPPORT: S.SUMMONED}),
        ((REPORTED, FED_BACK), {LEAD: S.FED_BACK, SUPPORT: S.SUMMONED}),
        (
            (REPORTED, FED_BACK, CaseReopenedV1(CASE, BOTH[:1], "", 2, WHEN)),
            {LEAD: S.REPORTED_IN, SUPPORT: S.SUMMONED},
        ),
        ((AssignmentExcusedV1(CASE, SUPPORT, "chengguan", "", "d", WHEN),), {LEAD: S.SUMMONED, SUPPORT: S.ENDED}),
        ((changed((LATER,), (), ALL),), {LEAD: S.SUMMONED, SUPPORT: S.SUMMONED, LATER: S.SUMMONED}),
        (
            (changed((LATER,), (SUPPORT,), (BOTH[0], ALL[2])),),
            {LEAD: S.SUMMONED, SUPPORT: S.ENDED, LATER: S.SUMMONED},
        ),
        (
            (DisputeRuledV1(CASE, LEAD, "zhujian", "shichang", LATER, "", "s", WHEN),),
            {LEAD: S.ENDED, SUPPORT: S.SUMMONED},
        ),
        (
            (DisputeRuledV1(CASE, LEAD, "zhujian", "", None, "", "s", WHEN),),
            {LEAD: S.SUMMONED, SUPPORT: S.SUMMONED},
        ),
        ((REPORTED, DispatchWithdrawnV1(CASE, None, "", "s", WHEN)), {LEAD: S.ENDED, SUPPORT: S.ENDED}),
    ],
)
def test_each_announcement_moves_what_it_names(events: tuple[Any, ...], expected: dict[UUID, S]) -> None:
    """And nothing else."""
    assert follow(DISPATCHED, *events) == expected


def test_what_changes_nothing_here_is_passed_over() -> None:
    """A report of somebody who was withdrawn, an event about a case that was never dispatched."""
    withdrawn = DispatchWithdrawnV1(CASE, None, "", "s", WHEN)
    assert follow(DISPATCHED, withdrawn, REPORTED) == {LEAD: S.ENDED, SUPPORT: S.ENDED}
    assert follow(REPORTED) == {}


def test_only_events_make_it_follow() -> None:
    """It is no request of anybody's."""
    with pytest.raises(Forbidden):
        decide(follow_assignment, FollowAssignment(DISPATCHED, CHEN))
