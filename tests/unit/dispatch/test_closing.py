"""What other services' events do to a case: delivered, failed, accepted, closed, withdrawn; told twice, told late."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from services.dispatch.commands import accept_assignments, confirm_delivery, reopen_assignments, withdraw_case
from services.dispatch.commands.accept_assignments import AcceptAssignments
from services.dispatch.commands.confirm_delivery import ConfirmDelivery
from services.dispatch.commands.reopen_assignments import ReopenAssignments
from services.dispatch.commands.withdraw_case import WithdrawCase
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Ending, Limit, Withdrawal
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.contracts.dispatch import DispatchWithdrawnV1, WithdrawalForwardedV1
from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.work import NOTHING, Outcome
from shared.errors import Conflict
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import CASE, assignment, case, three

FED_BACK, ACCEPTED, REWORK = AssignmentState.FED_BACK, AssignmentState.ACCEPTED, AssignmentState.REWORK
WITHDRAWN = AssignmentState.WITHDRAWN
LATER = NOON + timedelta(days=2)
REQUEST, INTO = uuid4(), uuid4()


def deliver(*present: object, ids: tuple[UUID, ...]) -> Outcome:
    """Notice reports a delivery."""
    return decide(confirm_delivery, ConfirmDelivery(SummonsDeliveredV1(CASE, ids, LATER)), *present)


def fail(*present: object, failed: tuple[UUID, ...]) -> Outcome:
    """Closure reports what failed."""
    return decide(reopen_assignments, ReopenAssignments(CASE, failed, "仍有渗漏", LATER), *present, now=LATER)


def accept(*present: object, closed: bool = False) -> Outcome:
    """Closure reports that it is verified, or closed."""
    return decide(accept_assignments, AcceptAssignments(CASE, closed), *present)


def withdraw(*present: object, accepted: bool = False) -> Outcome:
    """Intake asks for a withdrawal, or closure has accepted one."""
    command = WithdrawCase(CASE, REQUEST, INTO, "重复", "reviewer.sanhe", NOON, accepted)
    return decide(withdraw_case, command, *present, now=LATER)


def states(outcome: Outcome) -> dict[str, str]:
    """What became of whom."""
    return {"case" if isinstance(one, Case) else one.department: one.state.value for one in outcome.changed}


def test_a_delivery_is_noted_once_with_its_time() -> None:
    """What was delivered before keeps its first time; an assignment that is not named, or not known, is left alone."""
    lead, first, second = three()
    outcome = deliver(lead, first, second, ids=(lead.id, first.id, uuid4()))
    assert {one.department: one.delivered_at for one in outcome.changed} == {"zhujian": LATER, "chengguan": LATER}
    again = [one for one in outcome.changed if isinstance(one, Assignment)]
    assert not deliver(*again, second, ids=(lead.id, first.id)).changed


def test_only_the_part_that_failed_is_reopened() -> None:
    """Half of the original limit from the verification on, told anew; the old limit in history, the others accepted."""
    lead, first, second = (replace(one, delivered_at=NOON) for one in three(FED_BACK, FED_BACK, FED_BACK))
    outcome = fail(case(CaseState.TO_VERIFY), lead, first, second, failed=(first.id,))
    assert states(outcome) == {"case": "rework", "chengguan": "rework", "zhujian": "accepted", "shichang": "accepted"}
    again = next(one for one in outcome.changed if isinstance(one, Assignment) and one.id == first.id)
    assert (again.limit_minutes, again.clock_from, again.round) == (5_040, LATER, 2)
    assert again.delivered_at is None
    assert again.limits == (Limit(10_080, "dispatch", NOON), Limit(5_040, "rework", LATER))
    (event,) = outcome.events
    assert (event.type, event.round, event.reason) == ("case.reopened.v1", 2, "仍有渗漏")
    assert [(one.assignment_id, one.limit_minutes) for one in event.reopened] == [(first.id, 5_040)]


def test_a_third_round_halves_the_original_limit_and_not_the_last() -> None:
    """Rounded up to whole minutes."""
    limits = (Limit(31, "dispatch", NOON), Limit(16, "rework", NOON))
    mine = assignment(state=FED_BACK, limits=limits, limit_minutes=16, round=2)
    outcome = fail(case(CaseState.TO_VERIFY, round=2), mine, failed=(mine.id,))
    assert [one.limit_minutes for one in outcome.changed if isinstance(one, Assignment)] == [16]
    assert outcome.events[0].round == 3


def test_an_appeal_reopens_a_closed_case() -> None:
    """已办结 → 返工."""
    lead, first, second = three(ACCEPTED, ACCEPTED, ACCEPTED)
    outcome = fail(case(CaseState.CLOSED), lead, first, second, failed=(lead.id, second.id))
    assert states(outcome) == {"case": "rework", "zhujian": "rework", "shichang": "rework"}


@pytest.mark.parametrize("failed", [(), (uuid4(),)])
def test_a_failure_of_nobody_is_put_aside_for_somebody_to_look_at(failed: tuple[UUID, ...]) -> None:
    """It must not happen, and must not leave the case hanging unseen."""
    with pytest.raises(Conflict, match="nothing-to-reopen"):
        fail(case(CaseState.TO_VERIFY), *three(FED_BACK, FED_BACK, FED_BACK), failed=failed)


def test_what_was_verified_is_accepted() -> None:
    """The case waits for the call-back; it is closure's to close."""
    outcome = accept(case(CaseState.TO_VERIFY), *three(FED_BACK, ACCEPTED, WITHDRAWN))
    assert states(outcome) == {"zhujian": "accepted"}
    assert outcome.events == ()


def test_a_closed_case_is_closed_here_too() -> None:
    """With whatever was not accepted yet."""
    assert states(accept(case(CaseState.TO_VERIFY), *three(ACCEPTED, FED_BACK, ACCEPTED), closed=True)) == {
        "case": "closed",
        "chengguan": "accepted",
    }


@pytest.mark.parametrize(
    "state", [state for state in CaseState if state not in (CaseState.TO_VERIFY, CaseState.CLOSED)]
)
def test_a_verdict_that_comes_late_changes_nothing(state: CaseState) -> None:
    """The case is in another round already, or ended."""
    mine = assignment(state=AssignmentState.IN_PROGRESS)
    assert fail(case(state), mine, failed=(mine.id,)) is NOTHING
    assert accept(case(state), mine) is NOTHING
    assert accept(case(state), mine, closed=True) is NOTHING


def test_a_case_that_was_never_dispatched_is_nobodys_here() -> None:
    """One that the community solved itself is verified and closed without us."""
    assert fail(failed=(uuid4(),)) is NOTHING
    assert accept(closed=True) is NOTHING
    assert withdraw() is NOTHING
    assert not deliver(ids=(uuid4(),)).changed


@pytest.mark.parametrize(
    "state",
    [CaseState.AWAITING, CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.SUSPENDED, CaseState.REWORK],
)
def test_a_withdrawn_case_lets_everybody_off(state: CaseState) -> None:
    """What was accepted stays so; who, when and why are kept."""
    lead, first, second = three(ACCEPTED, AssignmentState.SIGNED, AssignmentState.EXCUSED)
    outcome = withdraw(case(state), lead, first, second)
    assert states(outcome) == {"case": "withdrawn", "chengguan": "withdrawn"}
    assert outcome.changed[0].withdrawal == Withdrawal("reviewer.sanhe", NOON, "重复", INTO)
    assert outcome.changed[1].ending == Ending("reviewer.sanhe", NOON, "重复")
    assert outcome.events == (DispatchWithdrawnV1(CASE, INTO, "重复", "reviewer.sanhe", LATER),)


@pytest.mark.parametrize("state", [CaseState.TO_VERIFY, CaseState.CLOSED])
def test_the_withdrawal_of_a_case_that_was_handed_over_is_closures_to_decide(state: CaseState) -> None:
    """Passed on in this service's own stream; nothing changes here."""
    outcome = withdraw(case(state), *three(FED_BACK, FED_BACK, FED_BACK))
    assert outcome.changed == ()
    assert outcome.events == (WithdrawalForwardedV1(CASE, REQUEST, INTO, "重复", "reviewer.sanhe", LATER),)


@pytest.mark.parametrize("state", [CaseState.TO_VERIFY, CaseState.REWORK, CaseState.IN_PROGRESS])
def test_what_closure_agreed_to_withdraw_is_withdrawn(state: CaseState) -> None:
    """Also when the case came back meanwhile."""
    outcome = withdraw(case(state), *three(FED_BACK, REWORK, ACCEPTED), accepted=True)
    assert states(outcome) == {"case": "withdrawn", "zhujian": "withdrawn", "chengguan": "withdrawn"}
    assert isinstance(outcome.events[0], DispatchWithdrawnV1)


@pytest.mark.parametrize(("state", "accepted"), [(CaseState.WITHDRAWN, False), (CaseState.CLOSED, True)])
def test_a_withdrawal_of_what_has_ended_changes_nothing(state: CaseState, accepted: bool) -> None:
    """Told twice, or late."""
    assert withdraw(case(state), *three(ACCEPTED, ACCEPTED, ACCEPTED), accepted=accepted) is NOTHING
