"""The rules of dispatch that a locality may set otherwise, read once from `rules.yaml`."""

from pathlib import Path

import msgspec
from msgspec import Struct


class Rules(Struct, frozen=True):
    """`far_metres`: a report-in further from the case is flagged. The shares are of an assignment's original limit."""

    far_metres: float
    extension_share: float
    rework_share: float
    suspension_review_days: int


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
