"""The code by which a resident without an account finds their own case again (查询码)."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read as something else
LENGTH = 24  # 120 bits


def new_code() -> str:
    """A code that nobody can guess; made at the door, told once, kept nowhere."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def digest_of(code: str) -> str:
    """What is kept of a code, however it was spaced: its SHA-256 in hex."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()
