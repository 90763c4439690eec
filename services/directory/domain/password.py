"""Passwords, kept as argon2id hashes. Slow by intention: called at the door, off the hub, and never by a command."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

# What OWASP names as its least: 19 MiB, two rounds, one lane. It takes some 30 ms of one core.
MEMORY_KIB, ROUNDS, LANES = 19 * 1024, 2, 1

HASHER = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16)

# No password has this hash. Comparing with it takes as long as with somebody's: so nobody learns which logins exist.
NOBODYS = f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p={LANES}${'A' * 22}${'A' * 43}"


def hash_password(password: str) -> str:
    """The hash to keep, with its salt and parameters."""
    return HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether the hash was made of this password."""
    try:
        return HASHER.verify(password_hash, password)
    except VerificationError:
        return False
