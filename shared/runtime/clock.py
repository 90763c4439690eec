"""The time, and ids that carry it."""

import os
import time
from datetime import UTC, datetime, timedelta
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
