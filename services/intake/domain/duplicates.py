"""Likely duplicates (疑似重复): cases about the same matter, nearby and recent, whose descriptions are alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from rapidfuzz.distance import LCSseq

from services.intake.domain.rules import RULES
from services.intake.domain.transitions import State

RULE = RULES.duplicates
RECENT = timedelta(days=RULE.recent_days)
MOST_CANDIDATES = 200


class Candidate(Struct, frozen=True):
    """A case of the same category nearby; `distance_metres` None where one of the two has no public point."""

    id: UUID
    number: str
    state: State
    area: str
    summary: str
    registered_at: datetime
    distance_metres: float | None


class Duplicate(Struct, frozen=True):
    """A likely duplicate; `likeness` of the descriptions from 0 to 100."""

    candidate: Candidate
    likeness: float


def likely(summary: str, candidates: Iterable[Candidate]) -> list[Duplicate]:
    """The likeliest duplicates of a case with this summary, the likeliest first."""
    alike = [Duplicate(one, likeness(summary, one.summary)) for one in candidates]
    alike = [one for one in alike if one.likeness >= RULE.least_likeness]
    return sorted(alike, key=lambda one: (-one.likeness, one.candidate.number))[: RULE.shown]


def likeness(one: str, other: str) -> float:
    """How much of the shorter text is said in the longer one, 0 to 100, in whatever order."""
    words, others = _words(one), _words(other)
    common = LCSseq.similarity(words, others)  # of two sorted lists: what both have
    return round(100 * common / min(len(words), len(others)), 1)


def _words(text: str) -> list[str]:
    """A text as sorted pairs of characters, for Chinese has no blanks between its words."""
    characters = "".join(filter(str.isalnum, text))
    return sorted(characters[at : at + 2] for at in range(max(1, len(characters) - 1)))
