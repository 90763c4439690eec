"""The identity map: what a later command of a batch sees of an earlier one."""

from uuid import uuid4

import pytest

from shared.engine.identity import IdentityMap
from shared.engine.work import Outcome, changed
from shared.errors import NotFound, Unavailable
from tests.component.engine.ledger import Account


def test_it_gives_what_was_loaded_and_says_what_is_not_there() -> None:
    account = Account(uuid4(), "x")
    loaded = IdentityMap({Account: [account]}, {"areas": [1]})
    assert loaded.one(Account, account.id) is account
    assert loaded.find(Account, uuid4()) is None
    with pytest.raises(NotFound):
        loaded.one(Account, uuid4())
    assert loaded.reference("areas") == [1]
    with pytest.raises(Unavailable, match="reference-missing"):
        loaded.reference("kinds")


def test_a_list_follows_what_commands_add_and_change() -> None:
    one, other = Account(uuid4(), "x"), Account(uuid4(), "x")
    loaded = IdentityMap({Account: [one]}, {})
    assert loaded.many(Account, "owner", "x") == (one,)
    loaded.apply(Outcome(new=(other,)))
    assert set(loaded.many(Account, "owner", "x")) == {one, other}
    loaded.apply(Outcome(changed=(changed(one, owner="y"),)))
    assert loaded.many(Account, "owner", "x") == (other,)
    assert loaded.many(Account, "owner", "y")[0].id == one.id


def test_what_changes_twice_is_written_once_against_what_was_loaded() -> None:
    account = Account(uuid4(), "x")
    loaded = IdentityMap({Account: [account]}, {})
    once = changed(account, total=1)
    twice = changed(once, total=2)
    loaded.apply(Outcome(changed=(once,)))
    loaded.apply(Outcome(changed=(twice,)))
    assert loaded.changes().changed == {Account: [(twice, account)]}


def test_what_is_new_and_changes_is_written_as_new() -> None:
    account = Account(uuid4(), "x")
    loaded = IdentityMap({}, {})
    loaded.apply(Outcome(new=(account,)))
    loaded.apply(Outcome(changed=(changed(account, total=1),)))
    assert loaded.changes().new == {Account: [changed(account, total=1)]}
    assert loaded.changes().changed == {}


def test_a_command_cannot_add_what_is_there_nor_change_what_it_did_not_load() -> None:
    account = Account(uuid4(), "x")
    loaded = IdentityMap({Account: [account]}, {})
    with pytest.raises(ValueError, match="new, but there already"):
        loaded.apply(Outcome(new=(account,)))
    with pytest.raises(ValueError, match="was not loaded"):
        loaded.apply(Outcome(changed=(Account(uuid4(), "y"),)))
