"""Likely duplicates (疑似重复): cases about the same matter, nearby and recent, whose descriptions are alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapidfuzz import fuzz

from services.intake.domain.transitions import State

NEARBY_METRES = 300.0
RECENT = timedelta(days=30)
MOST_CANDIDATES = 200
MOST = 10
LIKE = 30.0  # of 100; below this two descriptions have hardly a word in common


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case of the same category nearby; `distance_metres` None where one of the two has no public point."""

    id: UUID
    number: str
    state: State
    area: str
    summary: str
    registered_at: datetime
    distance_metres: float | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A likely duplicate; `likeness` of the descriptions from 0 to 100."""

    candidate: Candidate
    likeness: float


def likely(summary: str, candidates: Iterable[Candidate]) -> list[Duplicate]:
    """The likeliest duplicates of a case with this summary, the likeliest first."""
    pairs = _pairs(summary)
    alike = [Duplicate(one, round(fuzz.token_set_ratio(pairs, _pairs(one.summary)), 1)) for one in candidates]
    alike = [one for one in alike if one.likeness >= LIKE]
    return sorted(alike, key=lambda one: (-one.likeness, one.candidate.number))[:MOST]


def _pairs(text: str) -> str:
    """A text as words of two characters, for Chinese has no blanks between its words."""
    characters = "".join(filter(str.isalnum, text))
    return " ".join(characters[at : at + 2] for at in range(max(1, len(characters) - 1)))
