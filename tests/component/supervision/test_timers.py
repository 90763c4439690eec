"""Timers on a real database and broker: what is due is told, once, and not before."""

from datetime import UTC, date, datetime, timedelta

from shared.access.actor import Actor, Role
from shared.contracts.dispatch import AssignmentSignedV1
from shared.contracts.supervision import (
    BreachWithdrawnV1,
    ClockEscalatedV1,
    ClockOverdueV1,
    ClockWarnedV1,
    SigningLapsedV1,
)
from tests.component.supervision.conftest import Summoned, know_the_town
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.unit.supervision.samples import CALENDAR, TOWN, days

MINUTE = timedelta(minutes=1)
DISTRICT = Actor("supervisor.chunjiang", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")


def test_what_is_due_already_is_told_at_once_step_by_step(supervision: OneService) -> None:
    case = Summoned(supervision, datetime.now(UTC) - 200 * MINUTE)
    supervision.hear(ClockEscalatedV1, case.id, count=6)
    assert [one.percent for one in case.told(ClockWarnedV1, "sign")] == [50, 80]
    assert len(case.told(ClockOverdueV1, "sign")) == 1
    assert [one.level for one in case.told(ClockEscalatedV1, "sign")] == ["department_head", "street", "district"]
    lapsed = supervision.heard(SigningLapsedV1, case.id)
    assert {one.department for one in lapsed} == {"zhujian", "chengguan"}


def test_what_is_not_due_is_not_told(supervision: OneService) -> None:
    late = Summoned(supervision, datetime.now(UTC) - 8 * MINUTE)  # half of 15 minutes are over, 80 % are not
    supervision.hear(ClockWarnedV1, late.id, count=2)
    assert [one.percent for one in late.told(ClockWarnedV1, "sign")] == [50]
    assert [clock.next_at for clock in late.clocks("sign")] == [
        clock.started_at + 12 * MINUTE for clock in late.clocks("sign")
    ]


def test_a_violation_in_progress_is_shown_and_runs_round_the_clock(supervision: OneService) -> None:
    at = datetime.now(UTC)
    case = Summoned(supervision, at, "joint_enforcement", ongoing=True)
    eventually(lambda: case.clocks("report_in"), what="the clocks run")
    limits = {(one.calendar, one.due_at - one.started_at) for one in case.clocks("report_in")}
    assert limits == {("N", 30 * MINUTE)}
    path, listed = f"/cases/{case.id}", "/cases?kind=joint_enforcement"
    assert supervision.ask("GET", path, DISTRICT).body["ongoing"]
    (shown,) = [one for one in supervision.ask("GET", listed, DISTRICT).body["items"] if one["id"] == str(case.id)]
    assert shown["ongoing"]


def test_a_signature_that_was_on_its_way_when_the_limit_passed_withdraws_the_breach(supervision: OneService) -> None:
    at = datetime.now(UTC) - 20 * MINUTE
    case = Summoned(supervision, at)
    supervision.hear(ClockOverdueV1, case.id, count=2)
    supervision.announce(AssignmentSignedV1(case.id, case.lead, "zhujian", "o", False, at + 10 * MINUTE))
    [withdrawn] = supervision.hear(BreachWithdrawnV1, case.id)
    assert withdrawn.clock.department == "zhujian"
    assert [(one.department, one.in_time) for one in case.clocks("sign")] == [("chengguan", None), ("zhujian", True)]


def test_limits_past_the_last_gazetted_year_are_counted_again_when_the_year_is_known(supervision: OneService) -> None:
    year = datetime.now(UTC).year + 2
    case = Summoned(supervision, datetime(year, 3, 1, tzinfo=UTC), "joint_enforcement")
    eventually(lambda: case.clocks("close"), what="the clocks run")
    [before, _] = case.clocks("close")
    assert before.provisional
    gazetted = [*({"year": one} for one in range(2027, year + 1)), *days(date(year, 3, 2), date(year, 3, 6), False)]
    know_the_town(supervision, {**TOWN, "calendar": [*CALENDAR, *gazetted]}, version=2)
    [after, _] = eventually(lambda: [one for one in case.clocks("close") if not one.provisional] or None) or []
    assert after.due_at > before.due_at
    assert [one.why for one in after.history] == ["calendar"]
