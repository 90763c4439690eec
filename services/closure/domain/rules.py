"""The rules of closure that a locality may set otherwise, read once from `rules.yaml`."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec


@dataclass(frozen=True, slots=True)
class Rules:
    """How many contacts must fail, and the days that run from closing."""

    failed_contacts: int
    appeal_days: int
    archive_days: int

    @property
    def appeal_within(self) -> timedelta:
        """How long after closing a reporter may appeal."""
        return timedelta(days=self.appeal_days)

    @property
    def archive_after(self) -> timedelta:
        """How long after closing a case is archived although an evaluation is missing."""
        return timedelta(days=self.archive_days)


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
