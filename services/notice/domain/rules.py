"""The rules of notice that a locality may set otherwise, read once from `rules.yaml`."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct


class Rules(Struct, frozen=True):
    """The pause after the first failed attempt, which doubles up to the longest, and when nobody tries any more.

    After `keep_days` a notice goes from its person's list.
    """

    first_pause_seconds: int
    longest_pause_seconds: int
    give_up_after_seconds: int
    keep_days: int

    def next_attempt(self, since: datetime, failed: int, now: datetime) -> datetime | None:
        """When to try again after so many failures of what waits `since` then; None: no more."""
        end = since + timedelta(seconds=self.give_up_after_seconds)
        if now >= end:
            return None
        pause = min(self.first_pause_seconds * 2 ** (failed - 1), self.longest_pause_seconds)
        return min(now + timedelta(seconds=pause), end)


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
