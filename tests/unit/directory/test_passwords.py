"""Passwords are kept as slow, salted hashes."""

import pytest
from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError

from services.directory.domain.password import HASHER, NOBODYS, hash_password, matches


def test_a_hash_matches_its_password_and_no_other() -> None:
    """Down to the last character."""
    kept = hash_password("春江-demo-2026")
    assert matches(kept, "春江-demo-2026")
    assert not matches(kept, "春江-demo-2027")


def test_the_same_password_never_has_the_same_hash() -> None:
    """Each has its own salt."""
    assert hash_password("chunjiang-demo") != hash_password("chunjiang-demo")


def test_nobodys_hash_costs_what_everybodys_does_and_matches_nothing() -> None:
    """An unknown login must take as long as a known one."""
    assert extract_parameters(NOBODYS) == extract_parameters(hash_password("x"))
    assert not HASHER.check_needs_rehash(NOBODYS)
    assert not matches(NOBODYS, "")


def test_something_that_is_no_hash_is_a_fault_and_no_wrong_password() -> None:
    """A damaged row must not look like a forgotten password."""
    with pytest.raises(InvalidHashError):
        matches("chunjiang-demo", "chunjiang-demo")
