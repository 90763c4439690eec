"""What a login does to an account, right password or wrong."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.directory.commands import record_login
from services.directory.commands.record_login import RecordLogin
from services.directory.domain.person import Person
from services.directory.domain.transitions import AccountState
from shared.access.actor import Actor
from shared.engine.work import SYSTEM, Outcome
from shared.errors import Forbidden, Unauthenticated
from tests.support.deciding import NOON, decide
from tests.unit.directory.samples import ADMINISTRATOR, CLERK

RIGHT, WRONG = RecordLogin(CLERK.id, correct=True), RecordLogin(CLERK.id, correct=False)
MINUTE = timedelta(minutes=1)


def record(command: RecordLogin, *people: Person, minutes: float = 0) -> Outcome:
    """What the command decides so many minutes after noon."""
    return decide(record_login, command, *people, now=NOON + minutes * MINUTE)


def failed(times: int, person: Person = CLERK) -> Person:
    """The account after so many wrong passwords at noon."""
    for _ in range(times):
        [person] = record(WRONG, person).changed
    return person


def test_a_right_password_gives_the_person_and_writes_nothing() -> None:
    """The usual login costs no row."""
    outcome = record(RIGHT, CLERK)
    assert (outcome.result, outcome.changed, outcome.events) == (CLERK, (), ())


def test_a_wrong_password_counts_and_is_no_refusal() -> None:
    """A refusal would not be written down."""
    assert record(WRONG, CLERK).changed == (replace(CLERK, failed_logins=1, version=2),)


def test_a_right_password_forgets_earlier_failures() -> None:
    """Four failures, then a success: the next failure is the first again."""
    [person] = record(RIGHT, failed(4)).changed
    assert (person.failed_logins, person.locked_until) == (0, None)
    assert failed(4, person).locked_until is None


def test_the_fifth_wrong_password_in_a_row_locks_for_15_minutes() -> None:
    """Not the fourth."""
    assert failed(4).locked_until is None
    assert failed(5).locked_until == NOON + 15 * MINUTE


@pytest.mark.parametrize("command", [RIGHT, WRONG])
def test_a_locked_account_says_until_when_and_does_not_look_at_the_password(command: RecordLogin) -> None:
    """The time is China's."""
    with pytest.raises(Forbidden) as refused:
        record(command, failed(5), minutes=4.5)
    assert (refused.value.slug, refused.value.facts) == ("account-locked", {"until": "12:15", "minutes": 11})


def test_a_lock_ends_by_itself_after_15_minutes() -> None:
    """To the second."""
    with pytest.raises(Forbidden):
        record(RIGHT, failed(5), minutes=14.99)
    [person] = record(RIGHT, failed(5), minutes=15).changed
    assert (person.failed_logins, person.locked_until) == (0, None)


def test_after_a_lock_five_more_failures_lock_again() -> None:
    """The first failure after it counts as one."""
    [person] = record(WRONG, failed(5), minutes=15).changed
    assert (person.failed_logins, person.locked_until) == (1, None)


def test_a_login_that_nobody_has_is_refused_like_a_wrong_password() -> None:
    """In the same words."""
    with pytest.raises(Unauthenticated) as refused:
        record(RIGHT)
    assert refused.value.slug == "wrong-credentials"


def test_a_suspended_account_is_told_so_for_the_right_password_only() -> None:
    """A wrong one counts as ever, so that guessing tells nothing."""
    suspended = replace(CLERK, state=AccountState.SUSPENDED)
    with pytest.raises(Forbidden) as refused:
        record(RIGHT, suspended)
    assert refused.value.slug == "account-suspended"
    assert record(WRONG, suspended).changed == (replace(suspended, failed_logins=1, version=2),)


@pytest.mark.parametrize("actor", [ADMINISTRATOR, replace(SYSTEM, roles=frozenset())])
def test_nobody_but_the_system_records_a_login(actor: Actor) -> None:
    """An administrator neither."""
    with pytest.raises(Forbidden):
        record(replace(RIGHT, actor=actor), CLERK)
