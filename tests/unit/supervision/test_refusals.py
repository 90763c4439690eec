"""A department that does not come (拒不报到, 街道办条例 44): reported, taken up, found, scored; the archive's clock."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from services.supervision.commands import conclude_refusal, investigate_refusal, report_refusal, urge_departments
from services.supervision.commands.conclude_refusal import ConcludeRefusal, Demand
from services.supervision.commands.investigate_refusal import InvestigateRefusal
from services.supervision.commands.report_refusal import ReportRefusal
from services.supervision.commands.urge_departments import UrgeDepartments
from services.supervision.domain.order import Order
from services.supervision.domain.policies import Matter, Policies
from services.supervision.domain.refusal import Refusal
from services.supervision.domain.transitions import (
    REFUSALS,
    ClockState,
    OrderState,
    RefusalAction,
    RefusalState,
    follow_refusal,
)
from shared.access.actor import Actor
from shared.contracts import closure, dispatch
from shared.contracts.supervision import (
    ArchivingDueV1,
    ClockEscalatedV1,
    ClockOverdueV1,
    ClockWarnedV1,
    RefusalConcludedV1,
    RefusalReportedV1,
)
from shared.errors import Conflict, Forbidden, IllegalTransition, Invalid, StaleVersion
from tests.unit.supervision.people import DAY, DISTRICT, ELSEWHERE, HOUR, MONDAY, OFFICER, STREET, open_case
from tests.unit.supervision.samples import CASE, LEAD, SUPPORT, TOWN, Desk, said

LATE = MONDAY + 6 * HOUR  # Monday 16:00: two working hours to report in have passed


@pytest.fixture
def late() -> Desk:
    """Nobody reported in within the limit."""
    return open_case().until(LATE)


def report(desk: Desk, at: datetime = LATE, by: Actor = STREET) -> Refusal:
    found: Refusal = desk.do(report_refusal, ReportRefusal(CASE, LEAD, "拒不到场", "三次电话", by), at).result
    return found


def take_up(desk: Desk, refusal: Refusal, by: Actor = DISTRICT) -> Refusal:
    found: Refusal = desk.do(investigate_refusal, InvestigateRefusal(refusal.id, by), LATE).result
    return found


def conclude(desk: Desk, refusal: Refusal, *, by: Actor = DISTRICT, **fields: Any) -> Refusal:
    usual: dict[str, Any] = {"justified": False, "points": 10, "finding": "无正当理由", "demand": None}
    command = ConcludeRefusal(refusal.id, actor=by, **{**usual, **fields})
    found: Refusal = desk.do(conclude_refusal, command, LATE + DAY).result
    return found


def test_the_street_reports_who_has_not_come_in_time_to_the_district(late: Desk) -> None:
    refusal = report(late)
    assert (refusal.department, refusal.state, refusal.tried) == ("zhujian", RefusalState.REPORTED, "三次电话")
    [told] = late.said(RefusalReportedV1)
    assert [(one.role, one.area) for one in told.audience] == [("district_supervisor", late.file.area)]
    assert late.journal[-1].type == "refusal.reported.v1"


def test_who_was_urged_in_vain_is_reported_before_the_limit() -> None:
    desk = open_case()
    with pytest.raises(Conflict, match="refusal-too-early"):
        report(desk, MONDAY + HOUR)
    desk.do(urge_departments, UrgeDepartments(CASE, "请到场", LEAD, STREET), MONDAY + timedelta(minutes=30))
    with pytest.raises(Conflict, match="refusal-too-early"):
        report(desk, MONDAY + timedelta(minutes=89))
    assert report(desk, MONDAY + timedelta(minutes=90)).state is RefusalState.REPORTED


def test_who_came_or_is_out_of_the_case_is_not_reported(late: Desk) -> None:
    late.hear(dispatch.AssignmentReportedInV1(CASE, LEAD, "zhujian", "o", 0, False, LATE))
    with pytest.raises(Conflict, match="department-came"):
        report(late)
    other = open_case().until(LATE).hear(dispatch.AssignmentExcusedV1(CASE, LEAD, "zhujian", "无关", "s", LATE))
    with pytest.raises(Conflict, match="assignment-over"):
        report(other)
    closed = open_case().until(LATE).hear(closure.CaseClosedV1(CASE, True, False, 5, "c", LATE))
    with pytest.raises(Conflict, match="case-over"):
        report(closed)


def test_one_report_waits_at_a_time_and_another_may_follow_its_finding(late: Desk) -> None:
    refusal = report(late)
    with pytest.raises(Conflict, match="refusal-reported"):
        report(late)
    conclude(late, take_up(late, refusal))
    assert report(late).id != refusal.id


def test_the_district_has_three_working_days_for_its_finding(late: Desk) -> None:
    refusal = take_up(late, report(late))
    clock = late.clock("refusal", refusal.id)
    assert (said(clock.due_at), clock.calendar, refusal.taken_up_by) == ("2026-03-05 16:00", "W", DISTRICT.id)
    late.until(LATE + 30 * DAY)
    overdue = [one for one in late.said(ClockOverdueV1) if one.clock.clock == "refusal"]
    assert [one.role for one in overdue[0].audience] == ["district_supervisor"]


def test_its_limit_is_data_like_any_other() -> None:
    row = {"kind": "daily", "clock": "refusal", "limit": "5d", "valid_from": "2026-01-01"}
    policies = Policies(**{**TOWN, "policies": [row]})
    terms = [policies.terms("refusal", Matter(kind, "E06-01", "cj"), MONDAY) for kind in ("daily", "hard_problem", "")]
    assert [(one.calendar, one.span.days) for one in terms if one] == [("W", 5), ("W", 3), ("W", 3)]
    assert policies.terms("nothing", Matter("daily", "E06-01", "cj"), MONDAY) is None


def test_a_finding_costs_points_in_its_month_and_is_told_to_department_and_street(late: Desk) -> None:
    concluded = conclude(late, take_up(late, report(late)))
    assert (concluded.state, concluded.finding and concluded.finding.points) == (RefusalState.FOUND, 10)
    points = {key: amount for key, amount in late.counts.items() if key[0] == "refusal.points" and key[2]}
    assert points == {("refusal.points", "2026-03", "zhujian", "cj.sanhe", ""): 10}
    [told] = late.said(RefusalConcludedV1)
    assert {one.role for one in told.audience} == {"officer", "department_head", "supervisor"}
    assert late.clock("refusal", concluded.id).in_time is True


def test_with_the_finding_the_department_may_be_ordered_to_come(late: Desk) -> None:
    until = LATE + 2 * DAY
    concluded = conclude(late, take_up(late, report(late)), demand=Demand("立即报到", until))
    order = late.rows[Order, concluded.order_id]
    assert (order.state, order.reply_by, order.issuer.role) == (OrderState.TO_ANSWER, until, "district_supervisor")
    assert (late.file.supervised, late.clock("reply", order.id).due_at) == (True, until)


def test_who_had_a_reason_loses_nothing(late: Desk) -> None:
    refusal = take_up(late, report(late))
    for fields in ({"points": 1}, {"points": 0, "demand": Demand("立即报到", LATE + 2 * DAY)}):
        with pytest.raises(Invalid, match="refusal-justified"):
            conclude(late, refusal, justified=True, **fields)
    assert conclude(late, refusal, justified=True, points=0, finding="同时段抢险").order_id is None
    assert late.count("refusal.points") == 0


def test_the_street_reports_and_the_district_finds(late: Desk) -> None:
    for by in (DISTRICT, ELSEWHERE, OFFICER):
        with pytest.raises(Forbidden):
            report(late, by=by)
    refusal = report(late)
    for by in (STREET, OFFICER):
        with pytest.raises(Forbidden):
            take_up(late, refusal, by)
        with pytest.raises(Forbidden):
            conclude(late, refusal, by=by)


def test_a_stale_version_is_refused(late: Desk) -> None:
    refusal = report(late)
    with pytest.raises(StaleVersion):
        late.do(investigate_refusal, InvestigateRefusal(refusal.id, DISTRICT, 9), LATE)
    with pytest.raises(StaleVersion):
        conclude(late, refusal, version=9)


ROWS = {("reported", "investigate_refusal"): "investigating", ("investigating", "conclude_refusal"): "found"}


@pytest.mark.parametrize(("state", "action"), [*product(RefusalState, RefusalAction)])
def test_a_refusal_moves_by_a_row_and_is_refused_without_one(state: RefusalState, action: RefusalAction) -> None:
    assert {(str(of), str(does)): str(row.to) for (of, does), row in REFUSALS.items()} == ROWS
    expected = ROWS.get((state, action))
    if expected:
        assert follow_refusal(state, action) == expected
    else:
        with pytest.raises(IllegalTransition):
            follow_refusal(state, action)


# --- the archive's clock


CLOSED = MONDAY + 10 * DAY


def closed(at: datetime = CLOSED) -> closure.CaseClosedV1:
    return closure.CaseClosedV1(CASE, True, False, 5, "callback.sanhe", at)


def test_seven_days_after_closing_a_case_is_due_for_the_archive_and_nobody_is_told(late: Desk) -> None:
    late.hear(closed())
    before = len(late.told)
    late.until(CLOSED + 7 * DAY)
    of_archive = [one for one in late.told if isinstance(one, ArchivingDueV1)]
    assert [(one.closed_at, one.due_at) for one in of_archive] == [(CLOSED, CLOSED + 7 * DAY)]
    people = [one for one in late.told[before:] if isinstance(one, ClockWarnedV1 | ClockOverdueV1 | ClockEscalatedV1)]
    assert [one for one in people if one.clock.clock == "archive"] == []
    assert late.count("overdue.archive") == 0
    assert not any(one.labels[-1] == "archive" for one in late.observed if one.metric == "breaches")


@pytest.mark.parametrize(
    "event",
    [
        closure.CaseArchivedV1(CASE, CLOSED + DAY),
        closure.CaseUnresolvedV1(CASE, (LEAD,), "又漏了", True, CLOSED + DAY),
    ],
)
def test_a_case_that_is_archived_or_open_again_is_not_due(late: Desk, event: Any) -> None:
    late.hear(closed(), event).until(CLOSED + 30 * DAY)
    assert late.said(ArchivingDueV1) == []
    assert late.clock("archive").state is ClockState.CANCELLED


def test_a_case_that_is_closed_once_more_has_its_days_from_then(late: Desk) -> None:
    late.hear(closed(), closed(CLOSED + DAY)).until(CLOSED + 30 * DAY)
    assert [one.closed_at for one in late.said(ArchivingDueV1)] == [CLOSED + DAY]


def test_progress_stops_the_clock_for_the_first_feedback_and_no_other(late: Desk) -> None:
    late.hear(dispatch.AssignmentProgressedV1(CASE, LEAD, "zhujian", "o", "已找到漏点", 1, LATE))
    assert late.clock("first_feedback", LEAD).in_time is True
    assert late.clock("close", LEAD).open
    assert late.clock("first_feedback", SUPPORT).open
