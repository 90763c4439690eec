"""Every command against every state of case and assignment, and against everybody who may not give it."""

from collections.abc import Iterator
from importlib import import_module
from itertools import product
from types import ModuleType
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.records import Extension, Part
from services.dispatch.domain.transitions import (
    ASSIGNMENT,
    CASE,
    AssignmentAction,
    AssignmentState,
    CaseAction,
    CaseState,
)
from shared.access.actor import Actor, Role
from shared.access.policy import POLICY
from shared.errors import Conflict, Forbidden, IllegalTransition, NotFound, StaleVersion, Unauthenticated
from tests.support.deciding import NOON, decide
from tests.unit.dispatch.samples import (
    CASE as CASE_ID,
)
from tests.unit.dispatch.samples import (
    DISPATCHER,
    DISTRICT,
    OFFICER,
    STREET,
    TOWN,
    assignment,
    case,
    officer,
)

ASKED = Extension(1, 60, "等待配件", OFFICER.id, NOON, 1)
MINE = assignment("chengguan", part=Part.SUPPORT)
HANDLING = officer("chengguan")


class Given(Struct, frozen=True):
    """A command that somebody gives: what the tables must allow for it, and who gives it."""

    name: str
    actor: Actor
    fields: dict[str, Any]
    case_action: CaseAction
    action: AssignmentAction | None = None
    extensions: tuple[Extension, ...] = ()

    @property
    def module(self) -> ModuleType:
        return import_module(f"services.dispatch.commands.{self.name}")

    def command(self, **other: Any) -> Any:
        """The command, with these fields in place of the usual ones."""
        kind = getattr(self.module, "".join(map(str.title, self.name.split("_"))))
        return kind(**{"actor": self.actor, **self.fields, **other})


ID = {"assignment_id": MINE.id}
REASON = {"reason": "理由"}
PROCEED = CaseAction.PROCEED
GIVEN = [
    Given("sign_assignment", HANDLING, ID, PROCEED, AssignmentAction.SIGN),
    Given("dispute_assignment", HANDLING, {**ID, "legal_basis": "条例"}, PROCEED, AssignmentAction.DISPUTE),
    Given("uphold_assignment", STREET, {**ID, **REASON}, PROCEED, AssignmentAction.UPHOLD),
    Given("reroute_assignment", STREET, {**ID, **REASON, "department": "sifa"}, PROCEED, AssignmentAction.REROUTE),
    Given(
        "report_in",
        HANDLING,
        {**ID, "longitude": None, "latitude": None, "address": "门口"},
        CaseAction.BEGIN,
        AssignmentAction.REPORT_IN,
    ),
    Given("start_work", HANDLING, ID, CaseAction.BEGIN, AssignmentAction.START),
    Given("report_progress", HANDLING, {**ID, "text": "已开挖"}, PROCEED, AssignmentAction.REPORT_PROGRESS),
    Given("feed_back", HANDLING, {**ID, "measures": "已修复"}, PROCEED, AssignmentAction.FEED_BACK),
    Given("excuse_support", STREET, {**ID, **REASON}, PROCEED, AssignmentAction.EXCUSE),
    Given("request_extension", HANDLING, {**ID, **REASON, "minutes": 60}, PROCEED, AssignmentAction.EXTEND),
    Given("grant_first_extension", STREET, {**ID, **REASON}, PROCEED, AssignmentAction.EXTEND, (ASKED,)),
    Given(
        "grant_second_extension",
        DISTRICT,
        {**ID, **REASON},
        PROCEED,
        AssignmentAction.EXTEND,
        (replace(ASKED, ordinal=2),),
    ),
    Given("refuse_extension", STREET, {**ID, **REASON}, PROCEED, AssignmentAction.EXTEND, (ASKED,)),
    Given("release_assignment", STREET, ID, CaseAction.RELEASE, AssignmentAction.RELEASE),
    Given(
        "correct_dispatch",
        DISPATCHER,
        {"case_id": CASE_ID, **REASON, "lead": "sifa", "supports": ()},
        CaseAction.CORRECT,
    ),
    Given("add_support", DISPATCHER, {"case_id": CASE_ID, **REASON, "department": "sifa"}, CaseAction.ADD_SUPPORT),
    Given("suspend_case", DISTRICT, {"case_id": CASE_ID, **REASON, "review_by": None}, CaseAction.SUSPEND),
    Given("resume_case", DISTRICT, {"case_id": CASE_ID, **REASON}, CaseAction.RESUME),
]
ON_ASSIGNMENTS = [given for given in GIVEN if given.action]
ON_CASES = [given for given in GIVEN if not given.action]


def name(value: object) -> str:
    """How a parameter is called in a test's name."""
    return getattr(value, "name", str(value)).lower()


def lead() -> Assignment:
    """The lead beside which the support acts; it has still to work."""
    return assignment("zhujian", AssignmentState.IN_PROGRESS)


def present(given: Given, state: AssignmentState, whole: CaseState) -> tuple[Any, ...]:
    """The case with its lead and the assignment in question."""
    mine = assignment("chengguan", state, Part.SUPPORT, extensions=given.extensions)
    return case(whole), lead(), mine


@pytest.mark.parametrize(("given", "whole", "state"), [*product(ON_ASSIGNMENTS, CaseState, AssignmentState)], ids=name)
def test_a_step_is_possible_where_both_tables_have_a_row_and_refused_elsewhere(
    given: Given, whole: CaseState, state: AssignmentState
) -> None:
    """Each command on an assignment, in each state of the assignment and of its case."""
    loaded = present(given, state, whole)
    legal = (whole, given.case_action) in CASE and (state, given.action) in ASSIGNMENT
    if not legal:
        with pytest.raises(IllegalTransition):
            decide(given.module, given.command(), *loaded, references=TOWN)
        return
    outcome = decide(given.module, given.command(), *loaded, references=TOWN)
    mine = next(one for one in outcome.changed if one.id == MINE.id)
    assert mine.state is ASSIGNMENT[state, given.action].to  # type: ignore[index]  # every command here has an action
    assert outcome.result == mine
    assert outcome.events


@pytest.mark.parametrize(("given", "whole"), [*product(ON_CASES, CaseState)], ids=name)
def test_a_command_on_a_case_is_possible_where_the_table_has_a_row_and_refused_elsewhere(
    given: Given, whole: CaseState
) -> None:
    """Each command on a case, in each of its states."""
    loaded = case(whole), lead()
    if (whole, given.case_action) not in CASE:
        with pytest.raises(IllegalTransition):
            decide(given.module, given.command(), *loaded, references=TOWN)
        return
    outcome = decide(given.module, given.command(), *loaded, references=TOWN)
    assert outcome.events
    changed = [one for one in outcome.changed if one.id == CASE_ID]
    assert all(one.state is CASE[whole, given.case_action].to for one in changed)


def strangers(given: Given) -> Iterator[Actor]:
    """Everybody whom the policy does not name for it: other roles, other departments, other areas."""
    rule = POLICY[f"dispatch.{given.name}"]
    for role in Role:
        if role not in rule.roles:
            yield Actor(f"some.{role.value}", frozenset({role}), "chengguan", "cj")
    yield replace(given.actor, department="shichang", area="elsewhere")
    yield replace(given.actor, department="", area="")


@pytest.mark.parametrize("given", GIVEN, ids=name)
def test_nobody_else_may(given: Given) -> None:
    """Refused before anything is looked at: also where the state would not allow it either."""
    for actor in strangers(given):
        for state in (AssignmentState.TO_SIGN, AssignmentState.EXCUSED):
            loaded = present(given, state, CaseState.IN_PROGRESS)
            with pytest.raises((Forbidden, Unauthenticated)):
                decide(given.module, given.command(actor=actor), *loaded, references=TOWN)


@pytest.mark.parametrize("given", GIVEN, ids=name)
def test_what_does_not_exist_is_not_found(given: Given) -> None:
    """404, whatever is asked of it."""
    with pytest.raises(NotFound):
        decide(given.module, given.command(), references=TOWN)


@pytest.mark.parametrize("given", GIVEN, ids=name)
def test_a_stale_version_is_refused(given: Given) -> None:
    """409 before anything else is looked at; nothing is half done."""
    loaded = present(given, AssignmentState.TO_SIGN, CaseState.IN_PROGRESS)
    with pytest.raises(StaleVersion) as refusal:
        decide(given.module, given.command(version=9), *loaded, references=TOWN)
    assert isinstance(refusal.value, Conflict)
    assert refusal.value.facts == {"expected": 9, "present": 1}


def test_every_command_that_somebody_gives_is_tried_here() -> None:
    """None is forgotten when one is added."""
    given = {operation for operation, rule in POLICY.items() if Role.SYSTEM not in rule.roles}
    names = {f"dispatch.{one.name}" for one in GIVEN}
    reads = {one for one in given if one.split(".")[-1].startswith(("list_", "show_"))}
    assert names == {one for one in given - reads if one.startswith("dispatch.")}
