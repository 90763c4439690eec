"""The rules of supervision that a locality may set otherwise, read once from `rules.yaml`."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from shared.calendar import Which


class Usual(Struct, frozen=True):
    """A limit where nobody says another, and its calendar."""

    calendar: Which
    limit: str


class Rules(Struct, frozen=True):
    """Limits by their clocks, and how long an assignment is left in peace after an urging."""

    limits: Mapping[str, Usual]
    urge_again_after: str


RULES = msgspec.yaml.decode(Path(__file__).with_name("rules.yaml").read_bytes(), type=Rules)
