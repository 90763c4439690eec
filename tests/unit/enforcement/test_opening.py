"""A record is opened by at least two certified officers of the department, on an assignment that has reported in."""

import pytest

from services.enforcement.commands import open_record
from services.enforcement.commands.open_record import OpenRecord
from services.enforcement.domain.transitions import AssignmentState, RecordState
from services.enforcement.domain.values import Officer
from shared.contracts.enforcement import RecordOpenedV1
from shared.errors import Forbidden, IllegalTransition, Invalid, NotFound, Unavailable
from tests.support.deciding import NOON, decide
from tests.unit.enforcement.team import (
    AREA,
    ASSIGNMENT,
    CASE,
    CHEN,
    CLERK,
    DESK,
    STRANGER,
    STREET,
    TEAM,
    WU,
    Desk,
    assignment,
    on_site,
)


def test_two_certified_officers_open_a_record() -> None:
    """It keeps their certificate numbers, belongs to the department and lies where the case lies."""
    desk = on_site()
    record = desk.open("chen", "lin")
    assert record.officers == (Officer("chen", "ZF-001"), Officer("lin", "ZF-002"))
    assert (record.department, record.area, record.assignment_id, record.case_id) == (TEAM, AREA, ASSIGNMENT, CASE)
    assert (record.state, record.opened_by, record.opened_at) == (RecordState.OPENED, "chen", NOON)


def test_it_is_announced_with_its_officers() -> None:
    """Others learn who acts, by id only."""
    desk = on_site()
    record = desk.open("chen", "lin", "wu")
    announced = RecordOpenedV1(CASE, record.id, ASSIGNMENT, TEAM, ("chen", "lin", "wu"), NOON)
    assert desk.events == [announced]


def test_one_officer_is_not_enough() -> None:
    """Article 42; the same officer twice is one."""
    for officers in (("chen",), ("chen", "chen")):
        with pytest.raises(Invalid) as refusal:
            on_site().open(*officers)
        assert refusal.value.slug == "too-few-officers"
        assert "officers" in refusal.value.fields


def test_each_officer_who_may_not_enforce_is_named() -> None:
    """Without a certificate, of another department, unknown: each at its place in the list."""
    with pytest.raises(Invalid) as refusal:
        on_site().open("chen", "desk", "other", "nobody")
    assert refusal.value.slug == "officers-not-qualified"
    assert set(refusal.value.fields) == {"officers.1", "officers.2", "officers.3"}


def test_whoever_opens_it_must_be_one_of_them() -> None:
    """Nobody opens a record in two others' names."""
    for actor in (WU, DESK):
        with pytest.raises(Forbidden) as refusal:
            on_site().open("chen", "lin", actor=actor)
        assert refusal.value.slug == "not-on-the-record"


def test_only_officers_of_the_summoned_department_may() -> None:
    """Other departments, clerks and supervisors may not."""
    for actor in (STRANGER, CLERK, STREET):
        with pytest.raises(Forbidden):
            on_site().open("chen", "lin", actor=actor)


@pytest.mark.parametrize("state", sorted(set(AssignmentState) - {AssignmentState.REPORTED_IN}))
def test_the_department_must_be_on_site(state: AssignmentState) -> None:
    """Not before it reported in, not after it fed back, not on what has ended."""
    desk = Desk()
    desk.put(assignment(state))
    with pytest.raises(IllegalTransition) as refusal:
        desk.open("chen", "lin")
    assert refusal.value.facts == {"state": str(state), "action": "open_record"}


def test_an_assignment_that_nobody_announced_is_unknown() -> None:
    """404."""
    with pytest.raises(NotFound):
        Desk().open("chen", "lin")


def test_without_the_snapshot_of_officers_it_must_wait() -> None:
    """503 rather than a record of unknown officers."""
    command = OpenRecord(ASSIGNMENT, ("chen", "lin"), CHEN)
    with pytest.raises(Unavailable):
        decide(open_record, command, assignment(AssignmentState.REPORTED_IN))


def test_one_assignment_may_have_several_records() -> None:
    """Two parties, two records."""
    desk = on_site()
    assert desk.open("chen", "lin").id != desk.open("chen", "wu").id
