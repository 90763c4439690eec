"""The time, and ids: new ones that carry it, and those that are derived from others."""

import os
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from uuid import UUID

_offset = timedelta()


def shift(offset: timedelta) -> None:
    """Let this process's clock run ahead (or behind) by `offset`; only tests and demonstrations do."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """By how much this process's clock was shifted."""
    return _offset


def now() -> datetime:
    """The present time in UTC, with the process's offset."""
    return datetime.now(UTC) + _offset


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562): milliseconds, 12 bits of the millisecond's fraction, 62 random bits."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random)


def derived(namespace: UUID, name: str) -> UUID:
    """The UUIDv5 (RFC 9562) of this name, as `uuid.uuid5` makes it, in half its time."""
    digest = sha1(namespace.int.to_bytes(16) + name.encode(), usedforsecurity=False).digest()
    bits = int.from_bytes(digest[:16])
    return UUID(int=bits & ~(0xF << 76 | 0x3 << 62) | 0x5 << 76 | 0x2 << 62)
