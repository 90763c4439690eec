"""Who is summoned: by the table, by a dispatcher, and whom the law keeps from leading."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.dispatch.commands import add_support, correct_dispatch, dispatch_case
from services.dispatch.commands.add_support import AddSupport
from services.dispatch.commands.correct_dispatch import CorrectDispatch
from services.dispatch.commands.dispatch_case import DispatchCase
from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.records import Ending, Part
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.contracts.dispatch import CaseDispatchedV1, DispatchAwaitedV1, SummonsChangedV1
from shared.engine.work import NOTHING, Outcome
from shared.errors import Conflict, Forbidden, Invalid, StaleVersion, Unavailable
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import (
    CASE,
    DISPATCHER,
    DISPUTE,
    LEAK,
    LOST,
    OFFICER,
    TOWN,
    UNKNOWN,
    assignment,
    case,
    three,
    whistle,
)

DEPARTMENTS = ["zhujian", "chengguan", "shichang"]


def correct(*present: object, lead: str, supports: tuple[str, ...] = (), **fields: Any) -> Outcome:
    """A dispatcher names whom to summon."""
    command = replace(CorrectDispatch(CASE, lead, supports, "职责不符", DISPATCHER), **fields)
    return decide(correct_dispatch, command, *present, references=TOWN)


def support(*present: object, department: str) -> Outcome:
    """A dispatcher adds a support."""
    return decide(add_support, AddSupport(CASE, department, "需要配合", DISPATCHER), *present, references=TOWN)


def test_one_whistle_summons_all_departments_at_once() -> None:
    """A case, three assignments and one event, each with its limits from the dispatch on."""
    outcome = decide(dispatch_case, DispatchCase(whistle()), references=TOWN)
    opened, *assignments = outcome.new
    assert opened == case(CaseState.DISPATCHED)
    assert [(one.department, one.part) for one in assignments] == [
        ("zhujian", Part.LEAD),
        ("chengguan", Part.SUPPORT),
        ("shichang", Part.SUPPORT),
    ]
    assert {(one.limit_minutes, one.signing_limit_minutes, one.clock_from) for one in assignments} == {
        (10_080, 60, NOON)
    }
    (event,) = outcome.events
    assert isinstance(event, CaseDispatchedV1)
    assert [one.assignment_id for one in event.summons] == [one.id for one in assignments]
    assert [one.department_name for one in event.summons] == ["区住建局", "区城管局", "区市场监管局"]
    assert event.dispatched_by == "system"


@pytest.mark.parametrize("ongoing", [False, True])
def test_whoever_is_summoned_is_told_whether_the_violation_is_in_progress(ongoing: bool) -> None:
    """At once, and when somebody is summoned later."""
    outcome = decide(dispatch_case, DispatchCase(whistle(ongoing=ongoing)), references=TOWN)
    opened, *assignments = outcome.new
    (changed,) = support(opened, *assignments, department="gongan").events
    assert [opened.ongoing, outcome.events[0].ongoing, changed.ongoing] == [ongoing] * 3


def test_deciding_twice_summons_the_same() -> None:
    """Ids derive from the work, so that a retry makes no second summons."""
    assert decide(dispatch_case, DispatchCase(whistle()), references=TOWN) == decide(
        dispatch_case, DispatchCase(whistle()), references=TOWN
    )


def test_a_whistle_told_twice_summons_nobody_again() -> None:
    """The case is there already."""
    assert decide(dispatch_case, DispatchCase(whistle()), case(), references=TOWN) is NOTHING


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"category": UNKNOWN}, "nobody-responsible"),
        ({"category": LOST}, "nobody-responsible"),
        ({"kind": "weekly"}, "limits-unknown"),
    ],
)
def test_where_the_table_names_nobody_a_dispatcher_is_awaited(fields: dict[str, str], reason: str) -> None:
    """The whistle is not lost: it waits, and says why."""
    outcome = decide(dispatch_case, DispatchCase(whistle(**fields)), references=TOWN)
    (waiting,) = outcome.new
    assert waiting.state is CaseState.AWAITING
    assert outcome.events == (DispatchAwaitedV1(CASE, waiting.category, "cj.sanhe.honghu.g03", reason, NOON),)


@pytest.mark.parametrize(
    ("lead", "supports", "reason"),
    [
        ("shequ", [], "community-may-not-lead"),
        ("gone", [], "department-unknown"),
        ("zhujian", ["elsewhere"], "department-elsewhere"),
        ("zhujian", ["zhujian"], "summoned-twice"),
    ],
)
def test_a_row_that_names_somebody_who_may_not_waits_for_a_dispatcher(
    lead: str, supports: list[str], reason: str
) -> None:
    """A wrong table never summons wrongly."""
    row = {"category": LEAK, "area": "cj", "lead": lead, "supports": supports}
    outcome = decide(dispatch_case, DispatchCase(whistle()), references={**TOWN, "responsibility": [row]})
    assert [event.reason for event in outcome.events] == [reason]


def test_a_whistle_before_the_first_snapshot_waits_for_a_dispatcher() -> None:
    """Nothing is parked only because the directory is late."""
    outcome = decide(dispatch_case, DispatchCase(whistle()))
    assert [event.reason for event in outcome.events] == ["reference-missing"]


def test_the_community_leads_what_is_on_its_list() -> None:
    """接诉即办条例 17 forbids only the rest."""
    row = {"category": DISPUTE, "area": "cj", "lead": "shequ", "supports": []}
    told = whistle(category=DISPUTE, kind="daily")
    outcome = decide(dispatch_case, DispatchCase(told), references={**TOWN, "responsibility": [row]})
    assert [one.department for one in outcome.new[1:]] == ["shequ"]


def test_a_dispatcher_names_the_departments_where_the_table_named_nobody() -> None:
    """From then on it is dispatched like any other."""
    outcome = correct(case(CaseState.AWAITING), lead="zhujian", supports=("chengguan",))
    (dispatched,) = outcome.changed
    assert (dispatched.state, dispatched.dispatched_at) == (CaseState.DISPATCHED, NOON)
    assert [(one.department, one.part) for one in outcome.new] == [
        ("zhujian", Part.LEAD),
        ("chengguan", Part.SUPPORT),
    ]
    (event,) = outcome.events
    assert isinstance(event, CaseDispatchedV1)
    assert event.dispatched_by == DISPATCHER.id


def test_a_correction_keeps_who_stays_and_lets_off_who_goes() -> None:
    """Lead and a support change places, one goes, one stays."""
    lead, first, second = three()
    outcome = correct(case(), lead, first, second, lead="chengguan", supports=("zhujian", "shichang"))
    assert [(one.department, one.part) for one in outcome.new] == [
        ("chengguan", Part.LEAD),
        ("zhujian", Part.SUPPORT),
    ]
    ended = [one for one in outcome.changed if isinstance(one, Assignment)]
    assert {one.id for one in ended} == {lead.id, first.id}
    assert {one.ending for one in ended} == {Ending(DISPATCHER.id, NOON, "职责不符")}
    (event,) = outcome.events
    assert isinstance(event, SummonsChangedV1)
    assert event.summons[0].department == "chengguan"
    assert {one.department: one.part for one in event.summons} == {
        "chengguan": "lead",
        "shichang": "support",
        "zhujian": "support",
    }
    assert event.added == tuple(one.id for one in outcome.new)
    assert set(event.removed) == {lead.id, first.id}


def test_a_correction_that_corrects_nothing_is_refused() -> None:
    """The same lead and supports as before."""
    with pytest.raises(Conflict, match="nothing-to-correct"):
        correct(case(), *three(), lead="zhujian", supports=("shichang", "chengguan"))


def test_a_department_that_was_let_off_may_be_summoned_again() -> None:
    """With a new assignment; the first keeps its record."""
    gone = assignment("sifa", AssignmentState.WITHDRAWN, Part.SUPPORT)
    outcome = correct(case(), *three(), gone, lead="zhujian", supports=("chengguan", "shichang", "sifa"))
    (again,) = outcome.new
    assert again.id != gone.id
    assert [type(one).__name__ for one in outcome.changed] == ["Case"]


@pytest.mark.parametrize(
    ("lead", "supports", "slug", "field"),
    [
        ("shequ", (), "community-may-not-lead", "lead"),
        ("nobody", (), "department-unknown", "lead"),
        ("zhujian", ("nobody",), "department-unknown", "supports"),
        ("zhujian", ("elsewhere",), "department-elsewhere", "supports"),
        ("zhujian", ("zhujian",), "summoned-twice", "supports"),
        ("zhujian", ("sifa", "sifa"), "summoned-twice", "supports"),
    ],
)
def test_a_dispatcher_cannot_summon_who_may_not(lead: str, supports: tuple[str, ...], slug: str, field: str) -> None:
    """The problem names the field."""
    with pytest.raises(Invalid, match=slug) as refusal:
        correct(case(), *three(), lead=lead, supports=supports)
    assert [*refusal.value.fields] == [field]


def test_a_correction_needs_limits_to_count_by() -> None:
    """A matter that the directory does not know yet."""
    with pytest.raises(Conflict, match="limits-unknown"):
        correct(case(CaseState.AWAITING, category=UNKNOWN), lead="zhujian")


def test_a_correction_needs_the_snapshots() -> None:
    """503 rather than a guess."""
    command = CorrectDispatch(CASE, "zhujian", (), "改派", DISPATCHER)
    with pytest.raises(Unavailable):
        decide(correct_dispatch, command, case(CaseState.AWAITING))


def test_only_a_dispatcher_of_the_area_corrects() -> None:
    """Neither an officer, nor a dispatcher of another district."""
    for actor in (OFFICER, replace(DISPATCHER, area="other")):
        with pytest.raises(Forbidden):
            correct(case(), *three(), lead="chengguan", actor=actor)


def test_a_correction_of_what_changed_meanwhile_is_refused() -> None:
    """409 with the present version."""
    with pytest.raises(StaleVersion):
        correct(case(), *three(), lead="chengguan", version=7)


@pytest.mark.parametrize("state", [CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.REWORK])
def test_a_support_is_added_also_while_the_case_is_in_progress(state: CaseState) -> None:
    """Its clocks start now, in the present round; the others stay as they are."""
    outcome = support(case(state, round=2), *three(), department="sifa")
    (added,) = outcome.new
    assert (added.department, added.part, added.round) == ("sifa", Part.SUPPORT, 2)
    assert not outcome.changed
    (event,) = outcome.events
    assert {one.department: one.part for one in event.summons} == {
        "zhujian": "lead",
        "chengguan": "support",
        "shichang": "support",
        "sifa": "support",
    }
    assert (event.added, event.removed) == ((added.id,), ())


def test_a_department_is_not_summoned_twice_at_a_time() -> None:
    """Neither as what it is already, nor beside it."""
    for department in DEPARTMENTS:
        with pytest.raises(Conflict, match="already-summoned"):
            support(case(), *three(), department=department)


@pytest.mark.parametrize(("department", "slug"), [("nobody", "unknown"), ("elsewhere", "elsewhere")])
def test_a_support_must_be_a_department_of_the_place(department: str, slug: str) -> None:
    """The problem names the field."""
    with pytest.raises(Invalid, match=slug) as refusal:
        support(case(), *three(), department=department)
    assert [*refusal.value.fields] == ["department"]


def test_the_community_may_support_anything() -> None:
    """Only leading is forbidden."""
    assert support(case(), *three(), department="shequ").new


def test_the_time_of_dispatch_is_kept_through_corrections() -> None:
    """Dispatch is measured from the whistle to the first summons."""
    outcome = correct(case(dispatched_at=NOON - timedelta(hours=1)), *three(), lead="zhujian", supports=("sifa",))
    assert outcome.changed[0].dispatched_at == NOON - timedelta(hours=1)
