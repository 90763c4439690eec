"""What a department does: sign, report in, start, feed back; supports before the lead."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.dispatch.commands import (
    deem_signed,
    excuse_support,
    feed_back,
    report_in,
    report_progress,
    sign_assignment,
    start_work,
)
from services.dispatch.commands.deem_signed import DeemSigned
from services.dispatch.commands.excuse_support import ExcuseSupport
from services.dispatch.commands.feed_back import FeedBack
from services.dispatch.commands.report_in import ReportIn
from services.dispatch.commands.report_progress import ReportProgress
from services.dispatch.commands.sign_assignment import SignAssignment
from services.dispatch.commands.start_work import StartWork
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Ending, Feedback, Part, Progress, Signature, Suspension
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.contracts.dispatch import CaseFedBackV1, CaseStartedV1
from shared.contracts.places import Place
from shared.engine.work import NOTHING, Outcome
from shared.errors import Conflict, IllegalTransition, StaleVersion
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import CASE, DISPATCHER, GATE, OFFICER, STREET, assignment, case, officer, three

SIGNED, REPORTED, BUSY = AssignmentState.SIGNED, AssignmentState.REPORTED_IN, AssignmentState.IN_PROGRESS
FED_BACK, ACCEPTED, REWORK = AssignmentState.FED_BACK, AssignmentState.ACCEPTED, AssignmentState.REWORK
HERE = {"longitude": GATE.longitude, "latitude": GATE.latitude}


def report(mine: Assignment, whole: Case, **where: Any) -> Outcome:
    """The officer reports in from here."""
    place = {"longitude": None, "latitude": None, "address": "", **where}
    return decide(report_in, ReportIn(mine.id, actor=OFFICER, **place), whole, mine)


def tell(mine: Assignment, *others: Assignment, state: CaseState = CaseState.IN_PROGRESS) -> Outcome:
    """The department of `mine` feeds back."""
    command = FeedBack(mine.id, "漏点已修复", officer(mine.department))
    return decide(feed_back, command, case(state), mine, *others)


def types(outcome: Outcome) -> list[str]:
    """What is announced."""
    return [event.type for event in outcome.events]


def test_signing_says_who_and_when() -> None:
    """One changed assignment and its event; the case stays as it is."""
    mine = assignment()
    outcome = decide(sign_assignment, SignAssignment(mine.id, OFFICER), case(), mine)
    (signed,) = outcome.changed
    assert signed.signature == Signature(OFFICER.id, NOON, deemed=False)
    assert signed.handlers == (OFFICER.id,)
    assert signed.version == 2
    (event,) = outcome.events
    assert (event.department, event.signed_by, event.deemed, event.signed_at) == ("zhujian", OFFICER.id, False, NOON)
    assert outcome.result == signed


def test_signing_what_somebody_changed_meanwhile_is_refused() -> None:
    """409 with both versions."""
    mine = assignment()
    with pytest.raises(StaleVersion):
        decide(sign_assignment, SignAssignment(mine.id, OFFICER, version=2), case(), mine)


def test_silence_past_the_limit_counts_as_signed() -> None:
    """Marked as deemed, at the time the limit passed; nobody becomes a handler by it."""
    mine, late = assignment(), NOON + timedelta(minutes=60)
    outcome = decide(deem_signed, DeemSigned(mine.id, late), case(), mine)
    (signed,) = outcome.changed
    assert (signed.state, signed.signature, signed.handlers) == (SIGNED, Signature("", late, deemed=True), ())
    (event,) = outcome.events
    assert (event.deemed, event.signed_by, event.signed_at) == (True, "", late)


def test_nobody_is_deemed_to_have_signed_while_the_case_stood_still() -> None:
    """It was suspended before the limit passed, of which supervision had not heard yet; before and after it counts."""
    mine = assignment()
    paused = Suspension("d", NOON, "停工", NOON, "d", NOON + timedelta(minutes=30), "复工")
    still, after = NOON + timedelta(minutes=29), NOON + timedelta(minutes=30)
    assert decide(deem_signed, DeemSigned(mine.id, still), case(suspensions=(paused,)), mine) is NOTHING
    assert decide(deem_signed, DeemSigned(mine.id, after), case(suspensions=(paused,)), mine).changed
    suspended = case(CaseState.SUSPENDED)
    assert decide(deem_signed, DeemSigned(mine.id, NOON - timedelta(minutes=1)), suspended, mine).changed


@pytest.mark.parametrize("state", [REPORTED, BUSY])
def test_progress_is_reported_as_often_as_there_is_some(state: AssignmentState) -> None:
    """The state stays; each report is kept with its round and announced; whoever reports is a handler."""
    mine = assignment(state=state, handlers=())
    first = decide(report_progress, ReportProgress(mine.id, "已找到漏点", OFFICER), case(CaseState.IN_PROGRESS), mine)
    told = first.result
    assert (told.state, told.progress, told.handlers) == (
        state,
        (Progress(OFFICER.id, NOON, "已找到漏点", 1),),
        (OFFICER.id,),
    )
    (event,) = first.events
    assert (event.type, event.text, event.round, event.progressed_at) == (
        "assignment.progressed.v1",
        "已找到漏点",
        1,
        NOON,
    )
    again = decide(report_progress, ReportProgress(mine.id, "已开挖", OFFICER), case(CaseState.IN_PROGRESS), told)
    assert [one.text for one in again.result.progress] == ["已找到漏点", "已开挖"]


@pytest.mark.parametrize("state", [state for state in AssignmentState if state is not AssignmentState.TO_SIGN])
def test_a_clock_that_comes_late_changes_nothing(state: AssignmentState) -> None:
    """Signed meanwhile, disputed, ended: no longer relevant."""
    mine = assignment(state=state)
    assert decide(deem_signed, DeemSigned(mine.id, NOON + timedelta(days=1)), case(), mine) is NOTHING


def test_the_first_report_in_sets_the_case_in_progress() -> None:
    """Two events in this order; place, time and distance are kept."""
    mine = assignment(state=SIGNED)
    outcome = report(mine, case(), **HERE, address="大厅")
    reported, whole = outcome.changed
    assert (reported.state, whole.state) == (REPORTED, CaseState.IN_PROGRESS)
    assert (reported.report.by, reported.report.at, reported.report.address) == (OFFICER.id, NOON, "大厅")
    assert (reported.report.distance_metres, reported.report.far) == (0, False)
    assert types(outcome) == ["assignment.reported_in.v1", "case.started.v1"]
    assert outcome.events[1] == CaseStartedV1(CASE, 1, NOON)


def test_the_second_report_in_leaves_the_case_as_it_is() -> None:
    """It is in progress already."""
    outcome = report(assignment(state=SIGNED), case(CaseState.IN_PROGRESS), **HERE)
    assert types(outcome) == ["assignment.reported_in.v1"]
    assert len(outcome.changed) == 1


@pytest.mark.parametrize(("north", "far"), [(0.00269, False), (0.00271, True)])
def test_a_report_from_beyond_300_metres_is_flagged(north: float, far: bool) -> None:
    """299 m and 301 m: flagged, never refused."""
    outcome = report(assignment(state=SIGNED), case(), longitude=118.1, latitude=32.2 + north)
    assert outcome.events[0].far is far
    assert outcome.events[0].distance_metres == pytest.approx(300, abs=2)


def test_without_both_points_there_is_no_distance_and_no_flag() -> None:
    """The device does not know, or the case lies at the complainant's home."""
    mine = assignment(state=SIGNED)
    hidden = case(place=Place(GATE.area))
    for outcome in (report(mine, case(), address="门口"), report(mine, hidden, **HERE)):
        assert (outcome.events[0].distance_metres, outcome.events[0].far) == (None, False)


def test_work_starts_after_the_report() -> None:
    """The case is in progress already."""
    mine = assignment(state=REPORTED)
    outcome = decide(start_work, StartWork(mine.id, OFFICER), case(CaseState.IN_PROGRESS), mine)
    assert [one.state for one in outcome.changed] == [BUSY]
    assert types(outcome) == ["assignment.started.v1"]


def test_rework_that_is_taken_up_sets_the_case_in_progress_again() -> None:
    """返工 → 处置中, in the second round."""
    mine = assignment(state=REWORK, round=2)
    outcome = decide(start_work, StartWork(mine.id, OFFICER), case(CaseState.REWORK, round=2), mine)
    assert [one.state for one in outcome.changed] == [BUSY, CaseState.IN_PROGRESS]
    assert types(outcome) == ["assignment.started.v1", "case.started.v1"]
    assert [event.round for event in outcome.events] == [2, 2]


def test_a_support_that_feeds_back_leaves_the_rest_to_the_others() -> None:
    """The case goes on."""
    lead, first, second = three(BUSY, BUSY, BUSY)
    outcome = tell(first, lead, second)
    (fed_back,) = outcome.changed
    assert (fed_back.state, fed_back.feedbacks) == (FED_BACK, (Feedback("officer.chengguan", NOON, "漏点已修复", 1),))
    assert types(outcome) == ["assignment.fed_back.v1"]


@pytest.mark.parametrize("state", [AssignmentState.TO_SIGN, AssignmentState.DISPUTED, SIGNED, REPORTED, BUSY, REWORK])
def test_the_lead_waits_for_every_support_and_is_told_for_whom(state: AssignmentState) -> None:
    """409 that names the departments."""
    lead, first, second = three(BUSY, state, FED_BACK)
    with pytest.raises(Conflict, match="supports-missing") as refusal:
        tell(lead, first, second)
    assert refusal.value.facts == {"departments": "区城管局"}
    with pytest.raises(Conflict) as refusal:
        tell(*three(BUSY, state, BUSY))
    assert set(str(refusal.value.facts["departments"]).split("、")) == {"区城管局", "区市场监管局"}


@pytest.mark.parametrize(
    ("first", "second"),
    [(FED_BACK, FED_BACK), (FED_BACK, ACCEPTED), (AssignmentState.EXCUSED, AssignmentState.WITHDRAWN)],
)
def test_the_last_feedback_hands_the_case_over(first: AssignmentState, second: AssignmentState) -> None:
    """Everything that closure needs is in the one event."""
    lead, *supports = three(BUSY, first, second)
    outcome = tell(lead, *supports)
    fed_back, whole = outcome.changed
    assert (fed_back.state, whole.state) == (FED_BACK, CaseState.TO_VERIFY)
    assert types(outcome) == ["assignment.fed_back.v1", "case.fed_back.v1"]
    event = outcome.events[1]
    assert isinstance(event, CaseFedBackV1)
    assert (event.author, event.tracking_digest, event.round) == ("clerk.honghu", "ab" * 32, 1)
    assert {one.department for one in event.summons} == {one.department for one in (lead, *supports) if one.live}


def test_the_handlers_are_all_who_acted_in_whatever_became_of_it() -> None:
    """Also those of a department that was let off: none of them may verify."""
    gone = assignment("sifa", AssignmentState.WITHDRAWN, Part.SUPPORT, handlers=("officer.sifa", "second.sifa"))
    outcome = tell(*three(BUSY, FED_BACK, FED_BACK), gone)
    assert outcome.events[1].handlers == (
        "officer.chengguan",
        "officer.shichang",
        "officer.sifa",
        "officer.zhujian",
        "second.sifa",
    )


def test_a_support_reopened_alone_hands_over_again() -> None:
    """The lead's part stays accepted."""
    lead, first, second = three(ACCEPTED, BUSY, ACCEPTED)
    assert types(tell(first, lead, second)) == ["assignment.fed_back.v1", "case.fed_back.v1"]


@pytest.mark.parametrize("actor", [DISPATCHER, STREET])
def test_an_excused_support_is_no_longer_waited_for(actor: Any) -> None:
    """Its record says by whom and why."""
    lead, first, second = three(BUSY, SIGNED, FED_BACK)
    command = ExcuseSupport(first.id, "无权属", actor)
    outcome = decide(excuse_support, command, case(CaseState.IN_PROGRESS), lead, first, second)
    (excused,) = outcome.changed
    assert (excused.state, excused.ending) == (AssignmentState.EXCUSED, Ending(actor.id, NOON, "无权属"))
    assert types(outcome) == ["assignment.excused.v1"]
    assert types(tell(lead, excused, second)) == ["assignment.fed_back.v1", "case.fed_back.v1"]


def test_an_excuse_of_the_last_who_was_waited_for_hands_the_case_over() -> None:
    """In a second round the lead may be done already."""
    lead, first, second = three(ACCEPTED, FED_BACK, BUSY)
    command = ExcuseSupport(second.id, "无权属", STREET)
    outcome = decide(excuse_support, command, case(CaseState.IN_PROGRESS), lead, first, second)
    assert types(outcome) == ["assignment.excused.v1", "case.fed_back.v1"]


def test_rework_cannot_be_excused_away() -> None:
    """Somebody must take it up before the case may be verified again."""
    lead, first, second = three(ACCEPTED, ACCEPTED, REWORK)
    command = ExcuseSupport(second.id, "无权属", STREET)
    with pytest.raises(IllegalTransition):
        decide(excuse_support, command, case(CaseState.REWORK), lead, first, second)


def test_the_lead_cannot_be_excused() -> None:
    """Somebody has to lead."""
    lead, first, second = three(BUSY, FED_BACK, FED_BACK)
    with pytest.raises(Conflict, match="lead-cannot-be-excused"):
        decide(
            excuse_support, ExcuseSupport(lead.id, "无权属", STREET), case(CaseState.IN_PROGRESS), lead, first, second
        )


def test_a_second_officer_of_the_department_is_a_handler_too() -> None:
    """Each once, in the order in which they acted."""
    mine = assignment(state=REPORTED)
    other = replace(OFFICER, id="second.zhujian")
    outcome = decide(start_work, StartWork(mine.id, other), case(CaseState.IN_PROGRESS), mine)
    assert outcome.result.handlers == ("officer.zhujian", "second.zhujian")
