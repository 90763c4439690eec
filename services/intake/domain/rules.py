"""The rules of intake that a locality may set otherwise, read once from `rules.yaml`."""

from pathlib import Path

import msgspec
from msgspec import Struct


class Duplicates(Struct, frozen=True):
    """When a case counts as a likely duplicate, and how many are shown; `least_likeness` of 100."""

    nearby_metres: float
    recent_days: int
    least_likeness: float
    shown: int


class Rules(Struct, frozen=True):
    """Everything in `rules.yaml`."""

    duplicates: Duplicates


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
