"""A case as the other services tell of it, and supervision's tables kept in memory."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.supervision.commands import fire_clocks, follow_event
from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import Clock
from services.supervision.domain.entry import Entry
from shared.calendar import CHINA
from shared.contracts import dispatch, intake
from shared.contracts.places import Place
from shared.engine.work import Key, Observation, Outcome
from tests.support.deciding import decide

CASE, LEAD, SUPPORT = UUID(int=1), UUID(int=11), UUID(int=12)
PLACE = Place("cj.sanhe.honghu.g01", 118.1, 32.2, "西湖春天门厅")
HOURS = [{"unit": "", "periods": [["09:00", "12:00"], ["14:00", "18:00"]]}]
LIMITS = {
    "emergency": "review 30m dispatch 5m sign 15m report_in 30m first_feedback 2h close 24h verify 4h call_back 24h",
    "utilities": "review 30m dispatch 10m sign 30m report_in 1h first_feedback 4h close 24h verify 8h call_back 24h",
    "joint_enforcement": (
        "review 1h dispatch 30m sign 1h report_in 2h first_feedback 1d close 7d verify 1d call_back 2d"
    ),
    "daily": "review 4h dispatch 2h sign 1d report_in 3d first_feedback 3d close 5d verify 1d call_back 3d",
    "hard_problem": "review 1d dispatch 4h sign 1h report_in 5d first_feedback 5d close 15d verify 2d call_back 3d",
}
LADDERS = {
    "emergency": {"department_head": "15m", "street": "30m", "district": "60m"},
    "usual": {"department_head": "0m", "street": "1d", "district": "5d"},
}

IN_PROGRESS = {"joint_enforcement": {"report_in": "30m", "calendar": "N"}}


def local(text: str) -> datetime:
    """A moment as people in Shanghai write it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def said(moment: datetime | None) -> str:
    """A moment as people in Shanghai write it."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00") if moment else "never"


def days(first: date, last: date, working: bool) -> list[dict[str, Any]]:
    """So many gazetted days."""
    span = range((last - first).days + 1)
    return [{"date": (first + timedelta(one)).isoformat(), "working": working, "name": "x"} for one in span]


CALENDAR = [
    {"year": 2025},
    {"year": 2026},
    *days(date(2026, 1, 1), date(2026, 1, 3), working=False),
    *days(date(2026, 1, 4), date(2026, 1, 4), working=True),
    *days(date(2026, 9, 20), date(2026, 9, 20), working=True),
    *days(date(2026, 9, 25), date(2026, 9, 27), working=False),
    *days(date(2026, 10, 1), date(2026, 10, 7), working=False),
    *days(date(2026, 10, 10), date(2026, 10, 10), working=True),
]


def kind(code: str) -> dict[str, Any]:
    """A kind of whistle as the directory announces it: the default table of the field."""
    words = LIMITS[code].split()
    return {
        "code": code,
        "calendar": "N" if code in ("emergency", "utilities") else "W",
        "limits": dict(zip(words[::2], words[1::2], strict=True)) | {"dispute": "1d", "extension": "1d"},
        "warn": [50, 80],
        "ladder": LADDERS.get(code, LADDERS["usual"]),
        "in_progress": IN_PROGRESS.get(code),
    }


TOWN: dict[str, Any] = {
    "kinds": [kind(code) for code in LIMITS],
    "categories": [
        {"code": "E06-01"},
        {"code": "E06-02", "limit": "1d"},
        {"code": "E01-01", "first_action_limit": "4h"},
    ],
    "policies": [],
    "calendar": CALENDAR,
    "hours": HOURS,
}


def registered(at: datetime, kind: str = "joint_enforcement", category: str = "E06-01") -> intake.CaseRegisteredV1:
    """The case is registered."""
    return intake.CaseRegisteredV1(CASE, "SH-0001", "walk_in", category, kind, PLACE, "clerk.honghu", at)


def whistled(at: datetime, kind: str = "joint_enforcement", *, emergency: bool = False) -> intake.CaseWhistledV1:
    """The whistle is blown."""
    return intake.CaseWhistledV1(
        CASE, "SH-0001", kind, "E06-01", PLACE, "漏水到门厅", "clerk.honghu", "reviewer.sanhe", emergency, "d", at
    )


def part(id: UUID, department: str, lead: bool = False, minutes: int = 10080) -> dispatch.Summons:
    """One department's part."""
    return dispatch.Summons(id, department, f"区{department}局", "lead" if lead else "support", minutes)


PARTS = (part(LEAD, "zhujian", lead=True), part(SUPPORT, "chengguan"))


def dispatched(at: datetime, kind: str = "joint_enforcement", category: str = "E06-01") -> dispatch.CaseDispatchedV1:
    """Two departments are summoned."""
    return dispatch.CaseDispatchedV1(CASE, "SH-0001", kind, category, PLACE, "漏水到门厅", PARTS, "system", at)


def signed(at: datetime, id: UUID = LEAD, department: str = "zhujian") -> dispatch.AssignmentSignedV1:
    """A department signs."""
    return dispatch.AssignmentSignedV1(CASE, id, department, f"officer.{department}", False, at)


class Desk:
    """Supervision with its tables in memory: `hear` events, let time pass with `until`, and look."""

    def __init__(self, **town: Any) -> None:
        self.rows: dict[Any, Any] = {}
        self.told: list[Any] = []
        self.counts: dict[Key, int] = {}
        self.observed: list[Observation] = []
        self.town = {**TOWN, **town}
        self._works = count(1)

    def do(self, module: ModuleType, command: Any, now: datetime) -> Outcome:
        """Carry out a command and write what it decided."""
        work = UUID(int=1000 + next(self._works))
        outcome = decide(module, command, *self.rows.values(), references=self.town, now=now, work=work)
        for one in (*outcome.new, *outcome.changed):
            self.rows[type(one), one.id] = one
        self.told.extend(outcome.events)
        self.observed.extend(outcome.observed)
        for key, amount in outcome.counts.items():
            self.counts[key] = self.counts.get(key, 0) + amount
        return outcome

    def hear(self, *events: Any, at: datetime | None = None, now: datetime | None = None) -> "Desk":
        """Hear events, announced when they happened (the last field of each that is a time) unless `at` says else."""
        for event in events:
            when = at or _when(event)
            self.do(follow_event, follow_event.FollowEvent(event, when), now or when)
        return self

    def until(self, moment: datetime) -> "Desk":
        """Let every timer fire that is due by this moment, in the order of time, each at its time."""
        while (at := self.timer.next_at) and at <= moment:
            self.do(fire_clocks, fire_clocks.FireClocks(CASE), at)
        return self

    @property
    def file(self) -> CaseFile:
        """The case's file."""
        found: CaseFile = self.rows[CaseFile, CASE]
        return found

    @property
    def timer(self) -> CaseClocks:
        """The row of the case's clocks."""
        found: CaseClocks = self.rows.get((CaseClocks, CASE), CaseClocks(CASE))
        return found

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock."""
        return self.timer.clocks

    @property
    def journal(self) -> list[Entry]:
        """The events that were applied, in their order."""
        return sorted((one for (kind, _), one in self.rows.items() if kind is Entry), key=lambda one: one.number)

    def clock(self, name: str, key: UUID | str = "") -> Clock:
        """The last clock of this name and key."""
        return max(
            (one for one in self.clocks if (one.name, one.key) == (name, str(key))), key=lambda one: one.started_at
        )

    def count(self, figure: str) -> int:
        """A sum over everything else."""
        return sum(amount for key, amount in self.counts.items() if key[0] == figure)

    def said(self, kind: type[Any]) -> list[Any]:
        """What was announced of this type."""
        return [one for one in self.told if isinstance(one, kind)]


def _when(event: Any) -> datetime:
    return [value for name in type(event).__struct_fields__ if isinstance(value := getattr(event, name), datetime)][-1]


def with_(event: Any, **fields: Any) -> Any:
    """The event with other values."""
    return replace(event, **fields)
