"""Case numbers that people read and spell over the telephone: 吹20260302-7K3M9Q.

The day in Shanghai and six characters drawn at random, in an alphabet without letters that are taken for another.
Nothing is counted, so no command waits for a counter that another one has locked, whatever a batch holds and however
many replicas there are. A thousand million numbers a day leave most unused: a wrongly noted one is almost surely
nobody's. The door draws two; the first that no case has is taken, so that a repeated draw harms nobody.
"""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

from services.intake.domain.case import Case
from shared.engine.work import Loaded, Needs, many
from shared.errors import Unavailable

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 6
DRAWN = 2

Numbers = tuple[str, ...]


def draw_numbers(at: datetime) -> Numbers:
    """Numbers of the day of this moment, for one case to choose from."""
    day = f"{at.astimezone(SHANGHAI):%Y%m%d}"
    return tuple(f"吹{day}-{_characters(os.urandom(LENGTH))}" for _ in range(DRAWN))


def numbers_needed(numbers: Numbers) -> Needs:
    """Whoever has one of these numbers already."""
    for number in numbers:
        yield many(Case, "number", number)


def free_number(numbers: Numbers, loaded: Loaded) -> str:
    """The first of these numbers that no case has."""
    for number in numbers:
        if not loaded.many(Case, "number", number):
            return number
    raise Unavailable("number-taken")


def _characters(drawn: bytes) -> str:
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
