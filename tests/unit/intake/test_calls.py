"""Calls that a hotline hands over by message: the system's door for what was registered elsewhere."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from services.intake.commands import accept_call
from services.intake.commands.accept_call import AcceptCall
from services.intake.domain.case import Case, Channel, Review, Ruling
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import State
from shared.access.actor import RESIDENT, Actor, Role
from shared.contracts.hotline import CallHandedOverV1
from shared.contracts.places import Place
from shared.engine.work import SYSTEM, Outcome
from shared.errors import Forbidden, Invalid, Unauthenticated
from tests.support.deciding import NOON
from tests.unit.intake.samples import CELL, GRID, NUMBERS, a_case, only, settle, told

CALL = CallHandedOverV1(
    call_id=UUID("00000000-0000-7000-8000-0000000000ca"),
    reference="12345-2026-000017",
    category="E06-01",
    kind="",
    place=Place(GRID, address="西湖春天"),
    summary="饭店漏水，来电人13800138000",
)


def accept(call: CallHandedOverV1 = CALL, actor: Actor = SYSTEM, *found: object) -> Outcome:
    """What accepting decides."""
    return settle(accept_call, AcceptCall(call, NUMBERS, actor), *found)


def test_a_call_is_registered_and_whistled_at_once() -> None:
    """One case, one event: the hotline has reviewed it already."""
    outcome = accept()
    case = only(outcome, Case)
    assert (case.id, case.state, case.channel) == (CALL.call_id, State.WHISTLED, Channel.HOTLINE)
    assert (case.number, case.area, case.kind) == (NUMBERS[0], GRID, "joint_enforcement")
    assert case.reference == CALL.reference
    assert (case.review, case.whistled_at) == (Review(Ruling.BLOWN, "hotline", NOON), NOON)
    assert told(outcome) == ["case.whistled.v1"]
    assert only(outcome, Progress) == Progress(case.id, Stage.SUMMONING, NOON, NOON)


def test_who_called_stays_with_the_hotline() -> None:
    """No complaint, no tracking code, and no number in the summary."""
    outcome = accept()
    (event,) = outcome.events
    assert (event.summary, event.tracking_digest) == ("饭店漏水，来电人***", "")
    assert (event.author, event.reviewer) == ("hotline", "hotline")
    assert len(outcome.new) == 2


def test_an_emergency_call_needs_no_review_afterwards() -> None:
    """It was reviewed before."""
    case = only(accept(replace(CALL, kind="emergency")), Case)
    assert case.emergency
    assert case.review is not None


@pytest.mark.parametrize("ongoing", [False, True])
def test_a_call_may_say_that_the_violation_is_in_progress(ongoing: bool) -> None:
    """And so does its whistle."""
    outcome = accept(replace(CALL, ongoing=ongoing))
    (event,) = outcome.events
    assert (only(outcome, Case).ongoing, event.ongoing) == (ongoing, ongoing)


def test_a_number_that_another_call_of_the_batch_took_is_passed_over() -> None:
    """The second one drawn is taken."""
    assert only(accept(CALL, SYSTEM, a_case(number=NUMBERS[0])), Case).number == NUMBERS[1]


def test_a_call_with_a_point_finds_its_cell() -> None:
    """More exactly than the area that the hotline knew."""
    call = replace(CALL, place=Place(GRID, 0.5, 0.5))
    assert accept(call).events[0].place == Place(CELL, 0.5, 0.5)


@pytest.mark.parametrize(
    "call",
    [replace(CALL, category="E99-99"), replace(CALL, kind="none"), replace(CALL, place=Place("cj.nowhere"))],
    ids=["category", "kind", "area"],
)
def test_a_call_that_the_town_cannot_handle_is_refused(call: CallHandedOverV1) -> None:
    """Its message is parked with the reason."""
    with pytest.raises(Invalid):
        accept(call)


def test_nobody_hands_over_calls_by_request() -> None:
    """Only the system does, for a hotline's event."""
    with pytest.raises(Forbidden):
        accept(CALL, Actor("clerk", frozenset({Role.INTAKE_CLERK}), area="cj"))
    with pytest.raises(Unauthenticated):
        accept(CALL, RESIDENT)
