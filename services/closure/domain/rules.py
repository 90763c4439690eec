"""The rules of closure that a locality may set otherwise, read once from `rules.yaml`."""

from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct


class Rules(Struct, frozen=True):
    """How many contacts must fail, the days in which a reporter may appeal, the hours that a photo waits."""

    failed_contacts: int
    appeal_days: int
    photo_hours: int

    @property
    def appeal_within(self) -> timedelta:
        """How long after closing a reporter may appeal."""
        return timedelta(days=self.appeal_days)

    @property
    def photo_waits(self) -> timedelta:
        """How long a photo waits to be named by a verification; afterwards its file may be gone."""
        return timedelta(hours=self.photo_hours)


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
