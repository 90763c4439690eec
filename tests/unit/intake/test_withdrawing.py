"""Merging and voiding: at once while intake owns the case, by request once others have it."""

from typing import Any

import pytest

from services.intake.commands import merge_case, settle_withdrawal, void_case
from services.intake.domain.case import Case, Withdrawal
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import ENDED, State
from shared.access.actor import Actor
from shared.contracts.intake import CaseAbsorbedV1, CaseWithdrawnV1
from shared.engine.work import NOTHING, Outcome
from shared.errors import Conflict, Forbidden, Invalid, StaleVersion
from tests.support.deciding import NOON
from tests.unit.intake.samples import (
    CASE_ID,
    CLERK,
    EVERYBODY_ELSE,
    OTHER_CLERK,
    OTHER_ID,
    REQUEST_ID,
    REVIEWER,
    SUPERVISOR,
    THIRD_ID,
    a_case,
    another,
    complaint,
    only,
    progress,
    settle,
    told,
)

OPEN_HERE = (State.DRAFT, State.UNDER_REVIEW, State.RETURNED)


def void(case: Case, *found: Any, actor: Actor = SUPERVISOR, version: int | None = None) -> Outcome:
    """What voiding decides."""
    return settle(void_case, void_case.VoidCase(CASE_ID, "张建国误报", actor, version), case, complaint(), *found)


def merge(case: Case, *found: Any, actor: Actor = REVIEWER, version: int | None = None) -> Outcome:
    """What merging into the other case decides."""
    command = merge_case.MergeCase(CASE_ID, OTHER_ID, "同一件事", actor, version)
    return settle(merge_case, command, case, complaint(), *found)


@pytest.mark.parametrize("state", OPEN_HERE)
def test_what_intake_still_owns_is_void_at_once(state: State) -> None:
    """With its reason, the complainant masked."""
    outcome = void(a_case(state))
    case = only(outcome, Case)
    assert case.state is State.VOID
    assert (case.withdrawal.reason, case.withdrawal.by, case.withdrawal.at) == ("***误报", SUPERVISOR.id, NOON)
    assert outcome.events == [CaseWithdrawnV1(CASE_ID, None, "***误报", SUPERVISOR.id, NOON)]


@pytest.mark.parametrize("state", OPEN_HERE)
def test_what_intake_still_owns_is_merged_at_once(state: State) -> None:
    """The other case learns whose reporter to call back as well."""
    before = a_case(state)
    outcome = merge(before, another())
    assert (only(outcome, Case).state, only(outcome, Case).into) == (State.MERGED, OTHER_ID)
    assert outcome.events == [
        CaseWithdrawnV1(CASE_ID, OTHER_ID, "同一件事", REVIEWER.id, NOON),
        CaseAbsorbedV1(OTHER_ID, CASE_ID, before.tracking_digest, NOON),
    ]


@pytest.mark.parametrize(("state", "self_handled"), [(State.WHISTLED, False), (State.SELF_HANDLED, True)])
def test_what_others_have_is_asked_back_first(state: State, self_handled: bool) -> None:
    """Whoever owns it decides: of what the community handled itself, closure."""
    outcome = void(a_case(state))
    case = only(outcome, Case)
    assert (case.state, case.withdrawal.reason) == (State.WITHDRAWING, "***误报")
    (event,) = outcome.events
    assert (event.type, event.request_id) == ("withdrawal.requested.v1", case.withdrawal.request_id)
    assert (event.into, event.self_handled, event.requested_by) == (None, self_handled, SUPERVISOR.id)


def test_a_whistled_case_is_merged_when_its_owner_has_given_it_up() -> None:
    """Until then it only names the case that it will be merged into."""
    asked = merge(a_case(State.WHISTLED), another(State.WHISTLED))
    assert (only(asked, Case).into, told(asked)) == (OTHER_ID, ["withdrawal.requested.v1"])
    withdrawing = only(asked, Case)
    done = settled(withdrawing, another(State.WHISTLED), progress())
    assert only(done, Case).state is State.MERGED
    assert told(done) == ["case.withdrawn.v1", "case.absorbed.v1"]


@pytest.mark.parametrize("state", sorted(ENDED | {State.WITHDRAWING}))
def test_nothing_is_merged_into_what_has_ended_or_is_ending(state: State) -> None:
    """Nobody would ever call that reporter back."""
    with pytest.raises(Conflict, match="merge-target-unfit"):
        merge(a_case(), another(state))


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.ARCHIVED])
def test_nothing_is_merged_into_what_closure_has_closed(stage: Stage) -> None:
    """Its call-backs are over."""
    with pytest.raises(Conflict, match="merge-target-unfit"):
        merge(a_case(), another(State.WHISTLED), progress(stage, OTHER_ID))


def test_a_whistled_case_is_not_merged_into_one_that_is_not() -> None:
    """The departments are at work on this one already."""
    with pytest.raises(Conflict, match="merge-target-unfit"):
        merge(a_case(State.WHISTLED), another(State.UNDER_REVIEW))


@pytest.mark.parametrize("into", [CASE_ID, THIRD_ID])
def test_the_other_case_must_be_another_and_exist(into: Any) -> None:
    """The field is named."""
    with pytest.raises(Invalid) as refused:
        settle(merge_case, merge_case.MergeCase(CASE_ID, into, "重复", REVIEWER), a_case(), complaint())
    assert list(refused.value.fields) == ["into"]


def test_whoever_was_merged_before_goes_along() -> None:
    """Merged cases always name the one that goes on, and every reporter is called back there."""
    earlier = another(State.MERGED, THIRD_ID, into=CASE_ID)
    outcome = merge(a_case(), another(), earlier)
    assert {one.id: one.into for one in outcome.changed} == {CASE_ID: OTHER_ID, THIRD_ID: OTHER_ID}
    absorbed = [event.absorbed for event in outcome.events if isinstance(event, CaseAbsorbedV1)]
    assert absorbed == [CASE_ID, THIRD_ID]


def test_a_case_into_which_another_is_being_merged_stays() -> None:
    """Until that is settled."""
    pending = another(State.WITHDRAWING, THIRD_ID, into=CASE_ID)
    with pytest.raises(Conflict, match="merge-pending"):
        void(a_case(State.WHISTLED), pending)
    with pytest.raises(Conflict, match="merge-pending"):
        merge(a_case(State.WHISTLED), another(State.WHISTLED), pending)


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, CLERK], ids=lambda actor: actor.id)
def test_only_the_street_merges_and_voids(actor: Actor) -> None:
    """A community cannot make its cases disappear."""
    with pytest.raises(Forbidden):
        void(a_case(), actor=actor)
    with pytest.raises(Forbidden):
        merge(a_case(), another(), actor=actor)


def test_nothing_is_merged_into_a_case_of_another_street() -> None:
    """Whoever merges answers for both."""
    with pytest.raises(Forbidden):
        merge(a_case(), another(area="cj.jiangnan.x.g1"))
    assert OTHER_CLERK.area != REVIEWER.area


def test_a_stale_version_is_refused() -> None:
    """Whoever ends a case has read it."""
    with pytest.raises(StaleVersion):
        void(a_case(version=2), version=1)
    with pytest.raises(StaleVersion):
        merge(a_case(version=2), another(), version=1)


def settled(case: Case, *found: Any, accepted: bool = True, request: Any = None) -> Outcome:
    """What the settlement decides."""
    command = settle_withdrawal.SettleWithdrawal(CASE_ID, accepted, NOON, request)
    return settle(settle_withdrawal, command, case, *found)


def test_a_withdrawal_that_was_accepted_makes_the_case_void() -> None:
    """With the reason of whoever asked."""
    outcome = settled(a_case(State.WITHDRAWING), progress())
    assert only(outcome, Case).state is State.VOID
    assert outcome.events == [CaseWithdrawnV1(CASE_ID, None, "重复", REVIEWER.id, NOON)]


@pytest.mark.parametrize(
    ("fields", "expected"), [({}, State.WHISTLED), ({"whistled_at": None}, State.SELF_HANDLED)], ids=["whistled", "own"]
)
def test_a_withdrawal_that_was_refused_leaves_the_case_as_it_was(fields: dict[str, Any], expected: State) -> None:
    """It was closed already; nothing is announced."""
    case = a_case(State.WITHDRAWING, into=OTHER_ID, **fields)
    outcome = settled(case, progress(), accepted=False, request=REQUEST_ID)
    after = only(outcome, Case)
    assert (after.state, after.withdrawal, after.into, outcome.events) == (expected, None, None, ())


def test_a_settlement_is_taken_once_from_whoever_tells_first() -> None:
    """Dispatch and closure may both tell; a late answer to an earlier request means nothing to a new one."""
    assert settled(a_case(State.VOID), progress()) == NOTHING
    assert settled(a_case(State.WHISTLED), progress(), accepted=False) == NOTHING
    assert settled(a_case(State.WITHDRAWING), progress(), accepted=False, request=OTHER_ID) == NOTHING


def test_a_settlement_shows_that_the_whistle_arrived() -> None:
    """So that it is not announced again."""
    unconfirmed = progress(Stage.SUMMONING, confirmed_at=None)
    assert only(settled(a_case(State.WITHDRAWING), unconfirmed), Progress).confirmed_at == NOON
    assert only(settled(a_case(State.WITHDRAWING), unconfirmed, accepted=False), Progress).confirmed_at == NOON


def test_a_withdrawal_names_the_request_that_its_answer_must_name() -> None:
    """The same command decided twice makes the same request."""
    first, second = void(a_case(State.WHISTLED)), void(a_case(State.WHISTLED))
    assert only(first, Case).withdrawal == only(second, Case).withdrawal
    assert isinstance(only(first, Case).withdrawal, Withdrawal)
