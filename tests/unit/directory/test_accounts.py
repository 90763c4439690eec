"""Changing a password, suspending and reinstating an account."""

from datetime import timedelta
from types import ModuleType

import pytest
from msgspec.structs import replace

from services.directory.commands import change_password, reinstate_account, suspend_account
from services.directory.commands.change_password import ChangePassword
from services.directory.commands.reinstate_account import ReinstateAccount
from services.directory.commands.suspend_account import SuspendAccount
from services.directory.domain.person import Decision
from services.directory.domain.transitions import AccountAction, AccountState
from shared.access.actor import RESIDENT, Actor
from shared.errors import AppError, Conflict, Forbidden, IllegalTransition, NotFound, StaleVersion, Unauthenticated
from tests.support.deciding import NOON, decide
from tests.unit.directory.samples import ADMINISTRATOR, CLERK, ELSEWHERE, HERSELF

CHANGE = ChangePassword(HERSELF, "hash of the new password")
SUSPEND = SuspendAccount(CLERK.id, ADMINISTRATOR, "已调离")
REINSTATE = ReinstateAccount(CLERK.id, ADMINISTRATOR, "已返岗")
SUSPENDED = replace(CLERK, state=AccountState.SUSPENDED)
COMMANDS = [(suspend_account, SUSPEND, CLERK), (reinstate_account, REINSTATE, SUSPENDED)]


def test_a_new_password_replaces_the_old_one() -> None:
    """And nothing else changes."""
    [person] = decide(change_password, CHANGE, CLERK).changed
    assert person == replace(CLERK, password_hash="hash of the new password", version=2)


def test_a_locked_account_keeps_its_password() -> None:
    """Somebody may be guessing the old one with a token that was left open."""
    locked = replace(CLERK, locked_until=NOON + timedelta(minutes=1))
    with pytest.raises(Forbidden) as refused:
        decide(change_password, CHANGE, locked)
    assert refused.value.slug == "account-locked"


def test_a_suspended_account_keeps_its_password() -> None:
    """Although its token is good for some minutes more."""
    with pytest.raises(Forbidden) as refused:
        decide(change_password, CHANGE, SUSPENDED)
    assert refused.value.slug == "account-suspended"


def test_a_resident_has_no_password_to_change() -> None:
    """They come without an account."""
    with pytest.raises(NotFound):
        decide(change_password, replace(CHANGE, actor=RESIDENT), CLERK)
    with pytest.raises(Unauthenticated):
        decide(change_password, replace(CHANGE, actor=RESIDENT), replace(CLERK, id=RESIDENT.id))


def test_an_administrator_suspends_an_account_and_says_why() -> None:
    """Who, when and why stays with the account."""
    outcome = decide(suspend_account, SUSPEND, CLERK)
    [person] = outcome.changed
    assert person.state is AccountState.SUSPENDED
    assert person.decisions == (Decision(AccountAction.SUSPEND, "admin.chunjiang", NOON, "已调离"),)
    assert outcome.result is person


def test_an_administrator_reinstates_an_account_and_says_why() -> None:
    """The earlier decision stays."""
    [suspended] = decide(suspend_account, SUSPEND, CLERK).changed
    outcome = decide(reinstate_account, REINSTATE, suspended)
    [person] = outcome.changed
    assert person.state is AccountState.ACTIVE
    assert [decision.reason for decision in person.decisions] == ["已调离", "已返岗"]
    assert outcome.result is person


def test_administrators_do_not_suspend_themselves() -> None:
    """The last one would lock everybody out."""
    herself = replace(SUSPEND, actor=replace(ADMINISTRATOR, id=CLERK.id))
    with pytest.raises(Conflict) as refused:
        decide(suspend_account, herself, CLERK)
    assert refused.value.slug == "own-account"


@pytest.mark.parametrize(("module", "command", "person"), COMMANDS)
@pytest.mark.parametrize("actor", [ELSEWHERE, HERSELF])
def test_only_an_administrator_of_the_area_decides_about_an_account(
    module: ModuleType, command: SuspendAccount | ReinstateAccount, person: object, actor: Actor
) -> None:
    """Not one of another area, not somebody without the role."""
    with pytest.raises(Forbidden):
        decide(module, replace(command, actor=actor), person)


@pytest.mark.parametrize(("module", "command", "person"), COMMANDS)
def test_a_stale_version_is_refused(
    module: ModuleType, command: SuspendAccount | ReinstateAccount, person: object
) -> None:
    """The present one is accepted."""
    with pytest.raises(StaleVersion):
        decide(module, replace(command, version=7), person)
    assert decide(module, replace(command, version=1), person).changed


@pytest.mark.parametrize(("module", "command", "person"), COMMANDS)
def test_an_unknown_person_is_not_found(
    module: ModuleType, command: SuspendAccount | ReinstateAccount, person: object
) -> None:
    """Nobody is loaded."""
    with pytest.raises(NotFound):
        decide(module, command)


@pytest.mark.parametrize(
    ("module", "command", "person"), [(suspend_account, SUSPEND, SUSPENDED), (reinstate_account, REINSTATE, CLERK)]
)
def test_deciding_the_same_twice_is_refused(module: ModuleType, command: object, person: object) -> None:
    """The table has no row for it."""
    with pytest.raises(AppError) as refused:
        decide(module, command, person)
    assert isinstance(refused.value, IllegalTransition)
