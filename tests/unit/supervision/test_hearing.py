"""Services are heard independently of each other: in whatever order, clocks, states and sums come out the same."""

from datetime import datetime, timedelta
from itertools import chain, combinations, permutations
from typing import Any
from uuid import UUID

from shared.contracts import closure, dispatch, enforcement
from tests.unit.supervision.samples import (
    CASE,
    LEAD,
    PLACE,
    Desk,
    dispatched,
    local,
    registered,
    signed,
    whistled,
)

MONDAY = local("2026-03-02 10:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def fed_back(at: datetime, round: int = 1) -> dispatch.CaseFedBackV1:
    """All departments have done their part of this round."""
    return dispatch.CaseFedBackV1(
        CASE, "SH-0001", "joint_enforcement", "E06-01", PLACE, "漏水", (), (), "c", "d", round, at
    )


def test_what_ends_a_clock_may_be_heard_before_what_begins_it() -> None:
    """Verification is begun by dispatch's word and ended by closure's."""
    passed = closure.VerificationPassedV1(CASE, "clerk.honghu", MONDAY + 2 * HOUR)
    usual, crossed = Desk().hear(fed_back(MONDAY), passed), Desk().hear(passed, fed_back(MONDAY))
    for desk in (usual, crossed):
        assert (desk.clock("verify").state, desk.clock("verify").in_time) == ("stopped", True)
        assert desk.file.state == "call_back"
        assert desk.file.stopped == ()


def test_each_round_ends_with_its_own_verification_however_both_services_words_cross() -> None:
    """Dispatch tells of two beginnings, closure of two ends; one of them may be far behind the other."""
    begins = [fed_back(MONDAY), fed_back(MONDAY + DAY, round=2)]
    ends = [
        closure.VerificationFailedV1(CASE, (LEAD,), "仍渗漏", "clerk.honghu", MONDAY + 2 * HOUR),
        closure.VerificationPassedV1(CASE, "clerk.honghu", MONDAY + DAY + HOUR),
    ]
    for places in combinations(range(4), 2):
        of_dispatch, of_closure = iter(begins), iter(ends)
        desk = Desk().hear(*(next(of_dispatch if place in places else of_closure) for place in range(4)))
        rounds = sorted((one.started_at, one.stopped_at) for one in desk.clocks if one.name == "verify")
        assert rounds == [(MONDAY, MONDAY + 2 * HOUR), (MONDAY + DAY, MONDAY + DAY + HOUR)], places
        assert [one.clock for one in desk.file.running] == ["call_back"]
        assert desk.file.stopped == ()


def test_every_clock_is_the_same_in_whatever_order_the_services_are_heard() -> None:
    """Also those that begin before anybody has told what kind of case it is."""
    record = UUID(int=77)
    services: list[list[Any]] = [
        [registered(MONDAY - HOUR), whistled(MONDAY - MINUTE)],
        [dispatched(MONDAY), signed(MONDAY + MINUTE), fed_back(MONDAY + DAY)],
        [enforcement.RectificationOrderedV1(CASE, record, LEAD, "zhujian", MONDAY.date() + DAY, "o", MONDAY + HOUR)],
        [
            closure.VerificationPassedV1(CASE, "clerk.honghu", MONDAY + DAY + HOUR),
            closure.CaseClosedV1(CASE, True, False, 5, "c", MONDAY + 2 * DAY),
        ],
    ]
    usual = Desk().hear(*chain.from_iterable(services))
    for order in permutations(services):
        desk = Desk().hear(*chain.from_iterable(order), now=MONDAY + 2 * DAY)
        assert {one.id: one for one in desk.clocks} == {one.id: one for one in usual.clocks}
        assert {key: amount for key, amount in desk.counts.items() if amount} == {
            key: amount for key, amount in usual.counts.items() if amount
        }
    assert usual.clock("call_back").in_time is True


def test_an_end_that_seems_to_lie_before_its_beginning_ends_it() -> None:
    """Two services' clocks are never quite the same."""
    desk = Desk().hear(whistled(MONDAY), dispatched(MONDAY - timedelta(milliseconds=20)))
    assert (desk.clock("dispatch").state, desk.clock("dispatch").in_time) == ("stopped", True)


def test_the_shown_state_is_of_whoever_spoke_last_in_whatever_order_they_are_heard() -> None:
    events: list[Any] = [
        whistled(MONDAY),
        dispatched(MONDAY + MINUTE),
        closure.CaseClosedV1(CASE, True, False, 5, "c", MONDAY + DAY),
    ]
    for order in permutations(events):
        assert Desk().hear(*order).file.state == "closed"
