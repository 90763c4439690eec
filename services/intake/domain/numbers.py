"""Case numbers that people read and spell over the telephone: 吹20260302-A0001.

The day in Shanghai, the *lane*, and a count within both. A lane belongs to one running process: it takes the next one
from a sequence of the database when it gives its first number, and counts by itself from then on. So numbers are short,
unique with any number of replicas and whatever a batch holds, and no command waits for a counter that another one has
locked. Gaps mean nothing: a refused request, or a restart, leaves one.
"""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"  # none that is heard or seen as another or as a digit: I, L, O, U
LANES = sum(len(LETTERS) ** length for length in (1, 2, 3))  # then the sequence begins again, days later


class Numbers:
    """Gives this process's numbers; `take_lane` answers 0, 1, 2 … and never the same twice in a day."""

    def __init__(self, take_lane: Callable[[], int]) -> None:
        self._take_lane = take_lane
        self._lane = ""
        self._counts: dict[date, count[int]] = {}

    def next(self, at: datetime) -> str:
        """The next number of the day of this moment."""
        self._lane = self._lane or letters(self._take_lane())
        day = at.astimezone(SHANGHAI).date()
        number = next(self._counts.setdefault(day, count(1)))
        return f"吹{day:%Y%m%d}-{self._lane}{number:04}"


def letters(lane: int) -> str:
    """A lane as letters: A to Z, then AA, AB …"""
    lane += 1
    found = ""
    while lane:
        lane, letter = divmod(lane - 1, len(LETTERS))
        found = LETTERS[letter] + found
    return found
