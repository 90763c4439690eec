"""Somebody with an account (人员)."""

from datetime import datetime, timedelta, timezone
from math import ceil
from typing import Any

from msgspec import Struct

from services.directory.domain.transitions import AccountAction, AccountState, next_state, possible
from shared.engine.work import Scope, changed
from shared.errors import Forbidden

MOST_FAILURES = 5  # wrong passwords in a row that lock an account
LOCKED_FOR = timedelta(minutes=15)
CHINA = timezone(timedelta(hours=8))


class Entry(Struct, frozen=True):
    """What a town's table of people says about somebody (people.csv).

    `password_hash` is the first password's; "" for somebody who is known to have an account already.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    department: str
    area: str
    certificate: str
    phone: str
    password_hash: str = ""

    def __repr__(self) -> str:
        return f"Entry({self.id!r})"

    @property
    def particulars(self) -> dict[str, Any]:
        """What may change when a town is loaded again: everything but the password."""
        return {name: getattr(self, name) for name in PARTICULARS}


PARTICULARS = ("name", "roles", "department", "area", "certificate", "phone")


class Decision(Struct, frozen=True):
    """Somebody suspended or reinstated the account, and why."""

    action: AccountAction
    by: str
    at: datetime
    reason: str


class Person(Struct, frozen=True):
    """A person by their login (`id`), what they may be (`roles`), and their account.

    `area` is what they answer for (dotted code), `certificate` the number by which an officer enforces. An account is
    locked until `locked_until` after five wrong passwords in a row.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    department: str
    area: str
    certificate: str
    phone: str
    password_hash: str
    state: AccountState = AccountState.ACTIVE
    failed_logins: int = 0
    locked_until: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    version: int = 1

    def __repr__(self) -> str:
        return f"Person({self.id!r})"

    @classmethod
    def entered(cls, entry: Entry) -> "Person":
        """A new account."""
        return cls(id=entry.id, password_hash=entry.password_hash, **entry.particulars)

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    def update(self, entry: Entry) -> "Person":
        """What the table says now; the same person if nothing changed. The password stays."""
        if all(getattr(self, name) == value for name, value in entry.particulars.items()):
            return self
        return changed(self, **entry.particulars)

    def log_in(self, now: datetime) -> "Person":
        """The right password was given: earlier failures are forgotten; the same person if there were none."""
        state = self._use(AccountAction.LOG_IN, now)
        if not self.failed_logins and self.locked_until is None:
            return self
        return changed(self, state=state, failed_logins=0, locked_until=None)

    def fail_login(self, now: datetime) -> "Person":
        """A wrong password was given; the fifth in a row locks the account for 15 minutes."""
        self._expect_unlocked(now)
        state = next_state(self.state, AccountAction.FAIL_LOGIN)
        failures = self.failed_logins + 1
        if failures < MOST_FAILURES:
            return changed(self, state=state, failed_logins=failures, locked_until=None)
        return changed(self, state=state, failed_logins=0, locked_until=now + LOCKED_FOR)

    def change_password(self, password_hash: str, now: datetime) -> "Person":
        """Another password from now on."""
        return changed(self, state=self._use(AccountAction.CHANGE_PASSWORD, now), password_hash=password_hash)

    def suspend(self, by: str, now: datetime, reason: str) -> "Person":
        """No more logins (停用); tokens that are out end by themselves."""
        return self._decide(AccountAction.SUSPEND, by, now, reason)

    def reinstate(self, by: str, now: datetime, reason: str) -> "Person":
        """Logins again (恢复)."""
        return self._decide(AccountAction.REINSTATE, by, now, reason)

    def _use(self, action: AccountAction, now: datetime) -> AccountState:
        """The state that follows when its owner uses the account; whoever may not is told why in plain words."""
        self._expect_unlocked(now)
        if not possible(self.state, action):
            raise Forbidden("account-suspended")
        return next_state(self.state, action)

    def _expect_unlocked(self, now: datetime) -> None:
        if self.locked_until is not None and now < self.locked_until:
            minutes = ceil((self.locked_until - now) / timedelta(minutes=1))
            raise Forbidden("account-locked", until=f"{self.locked_until.astimezone(CHINA):%H:%M}", minutes=minutes)

    def _decide(self, action: AccountAction, by: str, now: datetime, reason: str) -> "Person":
        decision = Decision(action, by, now, reason)
        return changed(self, state=next_state(self.state, action), decisions=(*self.decisions, decision))
