"""Clocks in the life of a case: they warn, run out, climb the ladder, stand still, stop, and are right afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.supervision.commands import fire_clocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.folding import fold
from shared.contracts import dispatch, enforcement, intake
from shared.contracts.supervision import (
    BreachWithdrawnV1,
    ClockEscalatedV1,
    ClockOverdueV1,
    ClockWarnedV1,
    SigningLapsedV1,
)
from tests.unit.supervision.samples import (
    CALENDAR,
    CASE,
    LEAD,
    PARTS,
    PLACE,
    SUPPORT,
    Desk,
    dispatched,
    local,
    part,
    registered,
    said,
    signed,
    whistled,
    with_,
)

MONDAY = local("2026-03-02 10:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    """A case of joint enforcement, whistled and dispatched to two departments on Monday at 10:00."""
    return Desk().hear(registered(MONDAY - HOUR), whistled(MONDAY - MINUTE), dispatched(MONDAY))


def told_of_signing(desk: Desk) -> list[tuple[str, str]]:
    """What was told of the lead's signing limit, and for which time."""
    found = []
    for one in desk.told:
        match one:
            case ClockWarnedV1(percent=percent, warned_at=at):
                name = f"{percent} %"
            case ClockOverdueV1(overdue_at=at):
                name = "overdue"
            case ClockEscalatedV1(level=level, escalated_at=at):
                name = level
            case _:
                continue
        if one.clock.clock == "sign" and one.clock.assignment_id == LEAD:
            found.append((name, said(at)))
    return found


def test_a_department_that_never_signs_is_warned_and_its_head_street_and_district_are_told_in_this_order(
    desk: Desk,
) -> None:
    desk.until(MONDAY + 30 * DAY)
    assert told_of_signing(desk) == [
        ("50 %", "2026-03-02 10:30"),
        ("80 %", "2026-03-02 10:48"),
        ("overdue", "2026-03-02 11:00"),
        ("department_head", "2026-03-02 11:00"),
        ("street", "2026-03-03 11:00"),
        ("district", "2026-03-09 11:00"),
    ]


def test_who_is_told_is_who_can_act(desk: Desk) -> None:
    desk.until(MONDAY + 30 * DAY)
    overdue = next(one for one in desk.said(ClockOverdueV1) if one.clock.assignment_id == LEAD)
    assert [(one.role, one.department) for one in overdue.audience] == [
        ("officer", "zhujian"),
        ("department_head", "zhujian"),
    ]
    levels = {one.level: one.audience for one in desk.said(ClockEscalatedV1) if one.clock.assignment_id == LEAD}
    assert [(one.role, one.area) for one in levels["street"]] == [("supervisor", "cj.sanhe.honghu.g01")]
    assert [one.role for one in levels["district"]] == ["district_supervisor"]


def test_silence_past_the_signing_limit_is_told_to_dispatch_once_for_each_department(desk: Desk) -> None:
    desk.until(MONDAY + 30 * DAY)
    lapsed = [(one.department, said(one.lapsed_at)) for one in desk.said(SigningLapsedV1)]
    assert sorted(lapsed) == [("chengguan", "2026-03-02 11:00"), ("zhujian", "2026-03-02 11:00")]


def test_silence_counts_as_signed_but_the_ladder_goes_on_until_somebody_comes(desk: Desk) -> None:
    at = MONDAY + HOUR
    desk.until(at).hear(dispatch.AssignmentSignedV1(CASE, LEAD, "zhujian", "", True, at)).until(MONDAY + 2 * DAY)
    assert [name for name, _ in told_of_signing(desk)][-2:] == ["department_head", "street"]
    came = MONDAY + 2 * DAY + HOUR
    desk.hear(dispatch.AssignmentReportedInV1(CASE, LEAD, "zhujian", "o", None, False, came)).until(MONDAY + 60 * DAY)
    assert told_of_signing(desk)[-1][0] == "street"
    assert desk.clock("sign", LEAD).in_time is False
    assert desk.said(BreachWithdrawnV1) == []
    assert ("clock_stops", ("sign", "late")) in [(one.metric, one.labels) for one in desk.observed]


def test_a_clock_that_was_stopped_in_time_tells_nothing_more(desk: Desk) -> None:
    desk.hear(signed(MONDAY + 20 * MINUTE)).until(MONDAY + 30 * DAY)
    assert told_of_signing(desk) == []
    assert desk.clock("sign", LEAD).in_time is True


def test_a_stop_that_is_heard_after_the_breach_but_happened_before_withdraws_it_visibly(desk: Desk) -> None:
    desk.until(MONDAY + 3 * HOUR)
    assert desk.count("overdue.sign") == 2
    assert {one.clock for one in desk.file.overdue} >= {"sign"}
    desk.hear(signed(MONDAY + 50 * MINUTE), now=MONDAY + 3 * HOUR)
    [withdrawn] = desk.said(BreachWithdrawnV1)
    assert (withdrawn.clock.clock, said(withdrawn.stopped_at)) == ("sign", "2026-03-02 10:50")
    clock = desk.clock("sign", LEAD)
    assert clock.in_time is True
    assert [one.withdrawn for one in clock.steps if one.name == "overdue"] == [True]
    assert desk.count("overdue.sign") == 1
    assert [one.clock for one in desk.file.overdue if one.key == str(LEAD) and one.clock == "sign"] == []
    assert "breach.withdrawn.v1" in [one.type for one in desk.journal]


def test_a_stop_that_happened_after_the_limit_stays_a_breach(desk: Desk) -> None:
    desk.until(MONDAY + 3 * HOUR).hear(signed(MONDAY + 2 * HOUR), now=MONDAY + 3 * HOUR)
    assert desk.said(BreachWithdrawnV1) == []
    assert desk.clock("sign", LEAD).in_time is False
    assert desk.clock("sign", LEAD).breached


def test_several_steps_that_became_due_while_nobody_looked_are_told_at_once_each_with_its_own_time(desk: Desk) -> None:
    desk.do(fire_clocks, fire_clocks.FireClocks(CASE), MONDAY + 2 * DAY)
    assert [name for name, _ in told_of_signing(desk)] == ["50 %", "80 %", "overdue", "department_head", "street"]
    assert told_of_signing(desk)[2] == ("overdue", "2026-03-02 11:00")
    desk.do(fire_clocks, fire_clocks.FireClocks(CASE), MONDAY + 2 * DAY)
    assert len(told_of_signing(desk)) == 5


def test_a_timer_that_comes_too_early_tells_nothing(desk: Desk) -> None:
    desk.do(fire_clocks, fire_clocks.FireClocks(CASE), MONDAY + 29 * MINUTE)
    assert told_of_signing(desk) == []


def test_a_suspended_case_stands_still_and_keeps_its_old_due_time_in_the_history(desk: Desk) -> None:
    before = desk.clock("close", LEAD).due_at
    suspended = dispatch.CaseSuspendedV1(CASE, "等待材料", MONDAY + 20 * DAY, "d", local("2026-03-04 11:00"))
    resumed = dispatch.CaseResumedV1(CASE, "材料到了", "d", local("2026-03-06 15:00"))
    desk.hear(signed(MONDAY + MINUTE), suspended)
    desk.until(local("2026-03-05 18:00"))
    assert [one.clock.clock for one in desk.said(ClockWarnedV1) if one.warned_at > suspended.suspended_at] == []
    desk.hear(resumed)
    clock = desk.clock("close", LEAD)
    assert said(clock.due_at) == "2026-03-13 12:00"
    assert [(one.why, one.due_before) for one in clock.history] == [("resumed", before)]


def test_a_suspension_is_to_be_reviewed_by_its_day(desk: Desk) -> None:
    until = MONDAY + 20 * DAY
    desk.hear(dispatch.CaseSuspendedV1(CASE, "等待材料", until, "d", MONDAY + DAY)).until(until)
    [overdue] = [one for one in desk.said(ClockOverdueV1) if one.clock.clock == "suspension_review"]
    assert overdue.overdue_at == until
    assert [one.role for one in overdue.audience] == ["district_supervisor"]


def test_a_granted_extension_moves_the_due_time_by_its_share_and_keeps_the_old_one(desk: Desk) -> None:
    before = desk.clock("close", LEAD).due_at
    asked = dispatch.ExtensionRequestedV1(CASE, LEAD, "zhujian", 1, 5040, "等材料", "officer.zhujian", MONDAY + DAY)
    ruled = dispatch.ExtensionRuledV1(CASE, LEAD, "zhujian", 1, True, 5040, "可以", "supervisor", MONDAY + DAY + HOUR)
    desk.hear(asked)
    assert [(one.matter, one.minutes) for one in desk.file.waiting] == [("extension", 5040)]
    desk.hear(ruled)
    clock = desk.clock("close", LEAD)
    assert said(clock.due_at) == "2026-03-16 15:30"
    assert [(one.why, one.due_before) for one in clock.history] == [("extended", before)]
    assert desk.clock("extension", LEAD).in_time is True
    assert desk.file.waiting == ()


def test_a_refused_extension_moves_nothing(desk: Desk) -> None:
    before = desk.clock("close", LEAD).due_at
    desk.hear(dispatch.ExtensionRuledV1(CASE, LEAD, "zhujian", 1, False, 5040, "不可以", "s", MONDAY + DAY))
    assert desk.clock("close", LEAD).due_at == before


def test_while_a_dispute_waits_the_signing_limit_stands_still_and_goes_on_when_it_is_upheld(desk: Desk) -> None:
    desk.hear(dispatch.AssignmentDisputedV1(CASE, LEAD, "zhujian", "条例第三条", "o", MONDAY + 30 * MINUTE))
    desk.until(MONDAY + 4 * HOUR)
    assert "overdue" not in [name for name, _ in told_of_signing(desk)]
    desk.hear(dispatch.DisputeRuledV1(CASE, LEAD, "zhujian", "", None, "维持", "s", local("2026-03-02 15:00")))
    assert said(desk.clock("sign", LEAD).due_at) == "2026-03-02 15:30"


def test_a_rerouted_assignment_starts_its_own_clocks_and_the_first_department_keeps_its_record(desk: Desk) -> None:
    new = part(UUID(int=13), "shuiwu", lead=True)
    desk.until(MONDAY + 2 * HOUR)  # the first department did not sign in time
    ruled = dispatch.DisputeRuledV1(CASE, LEAD, "zhujian", "shuiwu", new.assignment_id, "改派", "s", MONDAY + 2 * HOUR)
    changed = dispatch.SummonsChangedV1(
        *(CASE, "SH-0001", "joint_enforcement", "E06-01", PLACE, "漏水"),
        *((new, part(SUPPORT, "chengguan")), (new.assignment_id,), (), "改派", "s", MONDAY + 2 * HOUR),
    )
    desk.hear(ruled, changed)
    assert desk.clock("sign", LEAD).state == "cancelled"
    assert desk.clock("sign", LEAD).breached
    assert said(desk.clock("sign", new.assignment_id).due_at) == "2026-03-02 15:00"
    assert [one.ended for one in desk.file.parts] == ["rerouted", "", ""]
    assert desk.file.departments == ("chengguan", "shuiwu")


@pytest.mark.parametrize("told_by", ["intake first", "dispatch first", "intake alone", "dispatch alone"])
def test_while_a_violation_is_in_progress_everybody_must_come_sooner_whoever_tells_of_it(told_by: str) -> None:
    """Round the clock, also who is summoned later; the other limits stay as they are."""
    at, later = local("2026-03-06 17:45"), local("2026-03-06 20:00")
    new = part(UUID(int=13), "shuiwu")
    added = dispatch.SummonsChangedV1(
        *(CASE, "SH-0001", "joint_enforcement", "E06-01", PLACE, "漏水"),
        *((*PARTS, new), (new.assignment_id,), (), "增派", "d", later),
        ongoing=told_by != "intake alone",
    )
    blown = with_(whistled(at), ongoing=told_by != "dispatch alone")
    called = with_(dispatched(at), ongoing=told_by != "intake alone")
    desk = Desk().hear(*((called, blown) if told_by == "dispatch first" else (blown, called)), added)
    assert desk.file.ongoing
    due = {id: said(desk.clock("report_in", id).due_at) for id in (LEAD, SUPPORT, new.assignment_id)}
    assert due == {
        LEAD: "2026-03-06 18:15",
        SUPPORT: "2026-03-06 18:15",
        new.assignment_id: "2026-03-06 20:30",
    }
    assert said(desk.clock("sign", LEAD).due_at) == "2026-03-09 09:45"


@pytest.mark.parametrize(("limit", "due"), [("4h", "2026-03-02 10:30"), ("10m", "2026-03-02 10:10")])
def test_a_violation_in_progress_gives_nobody_more_time_than_a_policy(limit: str, due: str) -> None:
    policy = {"kind": "joint_enforcement", "clock": "report_in", "limit": limit, "valid_from": "2026-01-01"}
    desk = Desk(policies=[policy]).hear(with_(dispatched(MONDAY), ongoing=True))
    assert said(desk.clock("report_in", LEAD).due_at) == due


def test_rework_gives_the_failed_department_alone_half_of_its_limit(desk: Desk) -> None:
    at = MONDAY + 7 * DAY
    desk.hear(dispatch.CaseReopenedV1(CASE, (part(LEAD, "zhujian", minutes=5040),), "仍渗漏", 2, at))
    clock = desk.clock("close", LEAD)
    assert (clock.started_at, said(clock.due_at)) == (at, "2026-03-12 15:30")
    assert len([one for one in desk.clocks if one.name == "close" and one.key == str(SUPPORT)]) == 1


def test_an_order_to_rectify_runs_to_the_end_of_its_day(desk: Desk) -> None:
    record = UUID(int=77)
    until = local("2026-03-05 00:00").date() + DAY
    ordered = enforcement.RectificationOrderedV1(CASE, record, LEAD, "zhujian", until, "o", MONDAY)
    desk.hear(ordered)
    assert said(desk.clock("rectify", record).due_at) == "2026-03-06 00:00"
    desk.hear(enforcement.RectificationCheckedV1(CASE, record, LEAD, "zhujian", True, "o", MONDAY + DAY))
    assert desk.clock("rectify", record).in_time is True


def test_an_emergency_is_reviewed_afterwards_and_climbs_in_minutes() -> None:
    desk = Desk().hear(whistled(MONDAY, "emergency", emergency=True)).until(MONDAY + DAY)
    assert said(desk.clock("review").due_at) == "2026-03-02 10:30"
    levels = [(one.level, said(one.escalated_at)) for one in desk.said(ClockEscalatedV1) if one.clock.clock == "review"]
    assert levels == [
        ("department_head", "2026-03-02 10:45"),
        ("street", "2026-03-02 11:00"),
        ("district", "2026-03-02 11:30"),
    ]
    desk.hear(intake.EmergencyConfirmedV1(CASE, "r", True, "", MONDAY + 20 * MINUTE), now=MONDAY + DAY)
    assert desk.clock("review").in_time is True


def test_a_withdrawn_case_has_no_running_clock_and_nothing_overdue(desk: Desk) -> None:
    desk.until(MONDAY + 3 * HOUR)
    desk.hear(intake.CaseWithdrawnV1(CASE, None, "重复", "s", MONDAY + 3 * HOUR)).until(MONDAY + 60 * DAY)
    assert [one for one in desk.clocks if one.open] == []
    assert (desk.file.state, desk.file.overdue, desk.file.overdue_since) == ("void", (), None)
    assert {
        figure: amount for figure, amount in desk.counts.items() if figure[0].startswith("overdue") and amount
    } == {}


def test_a_limit_past_the_last_gazetted_year_is_provisional() -> None:
    known = Desk().hear(dispatched(local("2026-12-30 10:00")))
    assert known.clock("close", LEAD).provisional
    assert not known.clock("sign", LEAD).provisional
    unknown = Desk(calendar=[row for row in CALENDAR if row.get("year") != 2026])
    assert unknown.hear(dispatched(MONDAY)).clock("sign", LEAD).provisional


def test_a_policy_goes_before_the_kinds_limit_and_never_moves_a_running_clock() -> None:
    policy = {"kind": "joint_enforcement", "clock": "sign", "limit": "2h", "valid_from": "2026-03-02"}
    desk = Desk(policies=[policy]).hear(dispatched(MONDAY))
    assert said(desk.clock("sign", LEAD).due_at) == "2026-03-02 12:00"
    desk.town["policies"] = []
    desk.hear(signed(MONDAY + MINUTE, SUPPORT, "chengguan"))
    assert said(desk.clock("sign", LEAD).due_at) == "2026-03-02 12:00"


def test_the_closest_policy_counts_and_only_while_it_is_valid() -> None:
    rows = [
        {"kind": "joint_enforcement", "clock": "sign", "limit": "2h", "valid_from": "2026-01-01", "area": "cj"},
        {"kind": "joint_enforcement", "clock": "sign", "limit": "3h", "valid_from": "2026-01-01", "area": "cj.sanhe"},
        {"kind": "joint_enforcement", "clock": "sign", "limit": "5s", "valid_from": "2026-01-01", "area": "cj.other"},
        {
            "kind": "joint_enforcement",
            "clock": "sign",
            "limit": "9h",
            "category": "E06-01",
            "valid_from": "2026-01-01",
            "valid_to": "2026-03-01",
        },
    ]
    assert said(Desk(policies=rows).hear(dispatched(MONDAY)).clock("sign", LEAD).due_at) == "2026-03-02 15:00"


def test_the_file_is_what_the_journal_makes_of_it(desk: Desk) -> None:
    desk.until(MONDAY + 3 * DAY).hear(signed(MONDAY + 50 * MINUTE, SUPPORT, "chengguan"), now=MONDAY + 3 * DAY)
    file = CaseFile(CASE)
    for entry in desk.journal:
        file = fold(file, entry.event, entry.time)
    assert with_(file, version=0) == with_(desk.file, version=0)


def test_sums_follow_the_state(desk: Desk) -> None:
    assert {key[0]: amount for key, amount in desk.counts.items() if key[0].startswith("state.") and amount} == {
        "state.dispatched": 1
    }
