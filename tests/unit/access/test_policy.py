"""The one table of who may do what, held against every operation, every role and every tie."""

from itertools import product

import pytest

from shared.access.actor import RESIDENT, Actor, Role, Scope, contains
from shared.access.policy import POLICY, check, may_use, operation_of, permit
from shared.access.rules import Never, Tie
from shared.errors import Forbidden, Unauthenticated

HERE, ELSEWHERE = "cj.sanhe", "cj.other"
OWN, ANOTHER = "chengguan", "zhujian"
ME, SOMEBODY = "p-01", "p-99"


def actor(*roles: Role) -> Actor:
    return Actor(ME, frozenset(roles), OWN, HERE)


# For each tie a scope that has it and no other, and what the tie says in words.
SCOPES = {
    Tie.ANY: Scope(),
    Tie.OWN_AREA: Scope(area=f"{HERE}.honghu", department=ANOTHER, author=SOMEBODY),
    Tie.OWN_DEPARTMENT: Scope(area=ELSEWHERE, department=OWN, author=SOMEBODY),
    Tie.TAKING_PART: Scope(area=ELSEWHERE, department=ANOTHER, author=SOMEBODY, taking_part=frozenset({OWN, ANOTHER})),
    Tie.OWN_CASE: Scope(area=ELSEWHERE, department=ANOTHER, author=ME),
}


def allowed(operation: str, who: Actor, scope: Scope) -> bool:
    try:
        check(operation, who, scope)
    except (Forbidden, Unauthenticated):
        return False
    return True


@pytest.mark.parametrize("operation", sorted(POLICY))
def test_an_operation_is_open_to_its_roles_by_their_tie_and_to_nobody_else(operation: str) -> None:
    rule = POLICY[operation]
    for role, tie in product(Role, Tie):
        granted = rule.roles.get(role)
        barred = (Never.AUTHOR in rule.never and tie is Tie.OWN_CASE) or (
            Never.HANDLER in rule.never and tie is Tie.TAKING_PART
        )
        expected = not barred and granted in (tie, Tie.ANY)
        assert allowed(operation, actor(role), SCOPES[tie]) is expected, f"{role} by {tie}"


@pytest.mark.parametrize("operation", sorted(POLICY))
def test_whoever_has_no_role_may_do_nothing(operation: str) -> None:
    for scope in SCOPES.values():
        assert not allowed(operation, Actor(ME, frozenset(), OWN, HERE), scope)


@pytest.mark.parametrize("operation", sorted(POLICY))
def test_empty_codes_tie_nobody_to_anything(operation: str) -> None:
    nobody = Actor("", frozenset(Role), "", "")
    open_to_all = Tie.ANY in POLICY[operation].roles.values()
    assert allowed(operation, nobody, Scope(taking_part=frozenset({""}))) is open_to_all


@pytest.mark.parametrize("operation", sorted(POLICY))
def test_the_door_lets_near_only_roles_that_the_rule_names(operation: str) -> None:
    for role in Role:
        assert may_use(operation, actor(role)) is (role in POLICY[operation].roles)


def test_what_is_not_in_the_table_is_refused_to_everybody() -> None:
    assert not allowed("dispatch.burn_files", actor(*Role), Scope())
    assert not may_use("dispatch.burn_files", actor(*Role))


def test_a_resident_without_account_is_asked_to_log_in_and_others_are_refused() -> None:
    with pytest.raises(Unauthenticated):
        check("dispatch.sign_assignment", RESIDENT)
    with pytest.raises(Forbidden):
        check("dispatch.sign_assignment", actor(Role.REVIEWER))


def test_a_reviewer_never_reviews_what_they_wrote_themselves_even_in_their_own_area() -> None:
    mine = Scope(area=f"{HERE}.honghu", author=ME)
    assert not allowed("intake.blow_whistle", actor(Role.REVIEWER), mine)
    assert allowed("intake.blow_whistle", actor(Role.REVIEWER), Scope(area=f"{HERE}.honghu", author=SOMEBODY))


def test_whoever_handled_a_case_never_verifies_it() -> None:
    handled = Scope(area=f"{HERE}.honghu", handlers=frozenset({ME}))
    of_my_department = Scope(area=f"{HERE}.honghu", taking_part=frozenset({OWN}))
    assert not allowed("closure.pass_verification", actor(Role.SUPERVISOR), handled)
    assert not allowed("closure.pass_verification", actor(Role.SUPERVISOR), of_my_department)
    assert allowed("closure.pass_verification", actor(Role.SUPERVISOR), Scope(area=f"{HERE}.honghu"))


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("cj.sanhe", "cj.sanhe", True),
        ("cj.sanhe", "cj.sanhe.honghu.g1", True),
        ("cj.sanhe", "cj.sanhe2", False),
        ("cj.sanhe.honghu", "cj.sanhe", False),
        ("", "cj", False),
        ("cj", "", False),
    ],
)
def test_an_area_contains_itself_and_what_its_code_begins(outer: str, inner: str, expected: bool) -> None:
    assert contains(outer, inner) is expected


def test_a_command_is_known_by_its_module() -> None:
    command = type("SignAssignment", (), {"__module__": "services.dispatch.commands.sign_assignment"})()
    assert operation_of(command) == "dispatch.sign_assignment"
    permit(command, actor(Role.OFFICER), Scope(department=OWN))
    with pytest.raises(Forbidden):
        permit(command, actor(Role.OFFICER), Scope(department=ANOTHER))
