"""Disputes (异议): once, in time, with a legal basis; re-routed or upheld."""

from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.commands import deem_signed, dispute_assignment, reroute_assignment, uphold_assignment
from services.dispatch.commands.deem_signed import DeemSigned
from services.dispatch.commands.dispute_assignment import DisputeAssignment
from services.dispatch.commands.reroute_assignment import RerouteAssignment
from services.dispatch.commands.uphold_assignment import UpholdAssignment
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.records import Dispute, Ending, Part
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.contracts.dispatch import DisputeRuledV1, SummonsChangedV1
from shared.engine.work import Actor, Outcome
from shared.errors import Conflict, IllegalTransition, Invalid
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import CASE, DISTRICT, OFFICER, STREET, TOWN, assignment, case, three

DISPUTED = AssignmentState.DISPUTED
BASIS = "住建部门职责规定第三条"


def dispute(mine: Assignment, minutes: int = 0, **fields: Any) -> Outcome:
    """The department disputes so many minutes after its dispatch."""
    command = DisputeAssignment(mine.id, BASIS, OFFICER)
    return decide(dispute_assignment, command, case(**fields), mine, now=NOON + timedelta(minutes=minutes))


def reroute(mine: Assignment, *others: Assignment, to: str, state: CaseState = CaseState.DISPATCHED) -> Outcome:
    """The street re-routes to another department."""
    command = RerouteAssignment(mine.id, to, "属市场监管", STREET)
    return decide(reroute_assignment, command, case(state), mine, *others, references=TOWN)


def test_a_department_disputes_what_it_has_not_signed() -> None:
    """Its dispute and when it was raised are kept."""
    outcome = dispute(assignment(), 59)
    (disputed,) = outcome.changed
    assert disputed.state is DISPUTED
    assert disputed.dispute == Dispute(OFFICER.id, NOON + timedelta(minutes=59), BASIS)
    assert disputed.handlers == ()
    (event,) = outcome.events
    assert (event.type, event.legal_basis) == ("assignment.disputed.v1", BASIS)


def test_after_the_signing_limit_there_is_no_dispute() -> None:
    """By supervision's working time: its word that the limit passed counts as the signature."""
    assert dispute(assignment(), 61).changed
    deemed = decide(deem_signed, DeemSigned(assignment().id, NOON + timedelta(minutes=60)), case(), assignment())
    with pytest.raises(IllegalTransition):
        dispute(deemed.result, 61)


def test_who_has_signed_cannot_dispute() -> None:
    """异议 is for before signing."""
    with pytest.raises(IllegalTransition):
        dispute(assignment(state=AssignmentState.SIGNED))


@pytest.mark.parametrize("ruler", [STREET, DISTRICT])
def test_an_upheld_dispute_leaves_the_department_to_sign(ruler: Actor) -> None:
    """The ruling is kept beside what was ruled on; a second dispute is refused."""
    mine = assignment(state=DISPUTED)
    outcome = decide(uphold_assignment, UpholdAssignment(mine.id, "职责明确", ruler), case(), mine)
    (upheld,) = outcome.changed
    assert upheld.state is AssignmentState.TO_SIGN
    assert upheld.dispute.upheld is True
    assert (upheld.dispute.legal_basis, upheld.dispute.ruling_reason) == (BASIS, "职责明确")
    (event,) = outcome.events
    assert isinstance(event, DisputeRuledV1)
    assert (event.rerouted_to, event.new_assignment_id) == ("", None)
    with pytest.raises(Conflict, match="already-disputed"):
        dispute(upheld)


def test_a_rerouted_assignment_ends_and_another_begins() -> None:
    """The new department has its own clocks; the first keeps its record; both announcements name both."""
    lead, first, second = three(DISPUTED)
    outcome = reroute(lead, first, second, to="sifa")
    (added,) = outcome.new
    assert (added.department, added.part, added.state) == ("sifa", Part.LEAD, AssignmentState.TO_SIGN)
    assert (added.dispatched_at, added.dispute) == (NOON, None)
    (ended,) = outcome.changed
    assert (ended.state, ended.ending) == (AssignmentState.REROUTED, Ending(STREET.id, NOON, "属市场监管"))
    assert ended.dispute.upheld is False
    ruled, renewed = outcome.events
    assert isinstance(ruled, DisputeRuledV1)
    assert (ruled.rerouted_to, ruled.new_assignment_id, ruled.case_id) == ("sifa", added.id, CASE)
    assert isinstance(renewed, SummonsChangedV1)
    assert (renewed.added, renewed.removed) == ((added.id,), (lead.id,))
    assert {one.department for one in renewed.summons} == {"sifa", "chengguan", "shichang"}
    assert outcome.result == ended


@pytest.mark.parametrize("before", [AssignmentState.TO_SIGN, AssignmentState.REPORTED_IN, AssignmentState.FED_BACK])
def test_a_support_may_become_lead(before: AssignmentState) -> None:
    """It is summoned anew as lead, and its part as a support ends: exactly one lead, no department twice."""
    lead, first, second = three(DISPUTED, before)
    outcome = reroute(lead, first, second, to="chengguan", state=CaseState.IN_PROGRESS)
    (added,) = outcome.new
    assert (added.department, added.part) == ("chengguan", Part.LEAD)
    assert added.id != first.id
    assert [one.state for one in outcome.changed] == [AssignmentState.REROUTED, AssignmentState.WITHDRAWN]
    assert set(outcome.events[1].removed) == {lead.id, first.id}
    assert [(one.department, one.part) for one in outcome.events[1].summons] == [
        ("chengguan", "lead"),
        ("shichang", "support"),
    ]


def test_a_support_is_not_rerouted_to_who_takes_part_already() -> None:
    """Nor to itself, nor a lead to itself."""
    lead, first, second = three(DISPUTED, DISPUTED)
    for mine, others, to in (
        (first, (lead, second), "zhujian"),
        (first, (lead, second), "shichang"),
        (first, (lead, second), "chengguan"),
        (lead, (first, second), "zhujian"),
    ):
        with pytest.raises(Conflict, match="already-summoned"):
            reroute(mine, *others, to=to)


@pytest.mark.parametrize(("to", "slug"), [("shequ", "community-may-not-lead"), ("nobody", "department-unknown")])
def test_the_lead_is_not_rerouted_to_who_may_not_lead(to: str, slug: str) -> None:
    """接诉即办条例 17 holds for rulings too."""
    with pytest.raises(Invalid, match=slug):
        reroute(*three(DISPUTED), to=to)


def test_a_support_may_be_rerouted_to_the_community() -> None:
    """It does not lead by that."""
    lead, first, second = three(AssignmentState.TO_SIGN, DISPUTED)
    assert [one.department for one in reroute(first, lead, second, to="shequ").new] == ["shequ"]


def test_what_is_not_disputed_is_not_ruled_on() -> None:
    """Neither re-routed nor upheld."""
    mine = assignment()
    with pytest.raises(IllegalTransition):
        reroute(mine, to="sifa")
    with pytest.raises(IllegalTransition):
        decide(uphold_assignment, UpholdAssignment(mine.id, "职责明确", STREET), case(), mine)
