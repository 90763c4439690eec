"""How long each step may take (时限规则), from the directory's snapshots: kind × category × area, at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from services.supervision.domain.rules import RULES
from shared.calendar import Calendar, Span, Which, local_date, parse_limit
from shared.engine.work import Loaded, Newest, Reference, contains

KEPT = 20_000  # answers
SHRINKING = ("sign", "report_in", "first_feedback")  # what starts at dispatch, before `close`
LADDER = ("department_head", "street", "district")  # 部门负责人, 街道, 区


class Terms(NamedTuple):
    """A limit and its calendar: W (working time) or N (round the clock). `share` is how much of the limit counts."""

    calendar: Which
    span: Span
    share: float = 1.0


class InProgress(Struct, frozen=True):
    """The limit to report in, and its calendar, while a violation is in progress (违法行为正在发生)."""

    report_in: str
    calendar: Which


class Kind(Struct, frozen=True):
    """A kind of whistle (吹哨类别): its limits, at how many per cent of them it warns, and its ladder."""

    code: str
    calendar: Which
    limits: Mapping[str, str]
    warn: tuple[int, ...]
    ladder: Mapping[str, str]
    in_progress: InProgress | None = None


class Category(Struct, frozen=True):
    """A matter (事项) with the limits of its own."""

    code: str
    limit: str | None = None
    first_action_limit: str | None = None


class Policy(Struct, frozen=True):
    """A row that goes before its kind's limit, from `valid_from` to `valid_to` (inclusive; None: without end)."""

    kind: str
    clock: str
    limit: str
    valid_from: date
    valid_to: date | None = None
    category: str | None = None
    area: str | None = None
    calendar: Which | None = None

    def covers(self, clock: str, matter: "Matter", day: date) -> bool:
        """Whether it speaks of this."""
        return (
            (self.clock, self.kind) == (clock, matter.kind)
            and self.category in (None, matter.category)
            and (self.area is None or contains(self.area, matter.area))
            and self.valid_from <= day <= (self.valid_to or date.max)
        )

    @property
    def closeness(self) -> tuple[bool, int]:
        """How closely it speaks of a matter: the category goes before the area, a smaller area before a larger."""
        return self.category is not None, len(self.area or "")


class Matter(NamedTuple):
    """What a limit depends on; `ongoing`: the violation is in progress."""

    kind: str
    category: str
    area: str
    ongoing: bool = False


class Policies:
    """The newest snapshots, ready to be asked."""

    def __init__(self, kinds: Any, categories: Any, policies: Any, calendar: Any, hours: Any) -> None:
        self.calendar = Calendar(calendar, hours)
        self._kinds = {one.code: one for one in msgspec.convert(kinds, list[Kind])}
        self._categories = {one.code: one for one in msgspec.convert(categories, list[Category])}
        self._policies: dict[str, list[Policy]] = {}
        for row in msgspec.convert(policies, list[Policy]):
            self._policies.setdefault(row.clock, []).append(row)
        # The same for a matter all day long; every case asks many times.
        self._terms = lru_cache(maxsize=KEPT)(self._find_terms)
        self._ladder = lru_cache(maxsize=KEPT)(self._find_ladder)

    def terms(self, clock: str, matter: Matter, at: datetime) -> Terms | None:
        """The limit of this clock for this matter; None where nothing limits it."""
        return self._terms(clock, matter, local_date(at))

    def _find_terms(self, clock: str, matter: Matter, day: date) -> Terms | None:
        kind = self._kinds.get(matter.kind)
        if kind is None:
            return _usual(clock)
        own = self._own(clock, matter, day)
        if own is not None:
            return Terms(own.calendar or kind.calendar, parse_limit(own.limit))
        category = self._categories.get(matter.category)
        if clock == "first_action":
            said = category.first_action_limit if category else None
            return Terms(kind.calendar, parse_limit(said)) if said else None
        limit = kind.limits.get(clock)
        if clock == "close" and category and category.limit:
            limit = category.limit
        if limit is None:
            return _usual(clock)
        return Terms(kind.calendar, parse_limit(limit), self._share(clock, kind, category))

    def terms_in_progress(self, clock: str, matter: Matter) -> Terms | None:
        """The other limit that this clock has while a violation is in progress; whichever is due first counts."""
        kind = self._kinds.get(matter.kind)
        if clock != "report_in" or not matter.ongoing or kind is None or kind.in_progress is None:
            return None
        return Terms(kind.in_progress.calendar, parse_limit(kind.in_progress.report_in))

    def calendar_of(self, matter: Matter) -> str:
        """By which calendar this kind of matter is counted."""
        kind = self._kinds.get(matter.kind)
        return kind.calendar if kind else "W"

    def warnings(self, matter: Matter) -> tuple[int, ...]:
        """At how many per cent of a limit people are warned."""
        kind = self._kinds.get(matter.kind)
        return kind.warn if kind else ()

    def ladder(self, matter: Matter, at: datetime) -> tuple[tuple[str, Span], ...]:
        """Which level is told how long after the due time, in the clock's calendar."""
        return self._ladder(matter, local_date(at))

    def _find_ladder(self, matter: Matter, day: date) -> tuple[tuple[str, Span], ...]:
        kind = self._kinds.get(matter.kind)
        usual = kind.ladder if kind else {}
        said = {level: self._own(level, matter, day) for level in LADDER}
        limits = {level: own.limit if own else usual.get(level) for level, own in said.items()}
        return tuple((level, parse_limit(limit)) for level, limit in limits.items() if limit)

    def _own(self, clock: str, matter: Matter, day: date) -> Policy | None:
        rows = [row for row in self._policies.get(clock, ()) if row.covers(clock, matter, day)]
        return max(rows, key=lambda row: row.closeness, default=None)

    def _share(self, clock: str, kind: Kind, category: Category | None) -> float:
        """Where a matter's own limit shortens `close`, the steps before it shrink with it: step × close'/close."""
        if clock not in SHRINKING or category is None or not category.limit:
            return 1.0
        day = self.calendar.day_seconds() if kind.calendar == "W" else 86_400
        close, own = parse_limit(kind.limits["close"]), parse_limit(category.limit)
        return min(1.0, (own.days * day + own.seconds) / (close.days * day + close.seconds))


def _usual(clock: str) -> Terms | None:
    """What `rules.yaml` says of a clock."""
    usual = RULES.limits.get(clock)
    return Terms(usual.calendar, parse_limit(usual.limit)) if usual else None


SNAPSHOTS = ("kinds", "categories", "policies", "calendar", "hours")
POLICIES_NEEDS: Sequence[Reference] = tuple(Reference(name) for name in SNAPSHOTS)

_policies = Newest(Policies, SNAPSHOTS)


def policies_of(loaded: Loaded) -> Policies:
    """The policies as the loaded snapshots describe them; `Unavailable` while one of them has not arrived."""
    return _policies.of(loaded)
