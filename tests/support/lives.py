"""Lives of cases for supervision's tests: what other services announce of them, in time, heard at once or late.

Every limit runs round the clock here, so that a test can reckon with plain hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from shared.contracts import closure, dispatch, intake, notice
from shared.contracts.places import Place

HOURS = {
    "review": 2, "dispatch": 1, "sign": 4, "report_in": 8, "first_feedback": 24, "close": 48, "verify": 12,
    "call_back": 24, "dispute": 12, "extension": 6,
}  # fmt: skip
SNAPSHOTS: dict[str, Any] = {
    "kinds": [
        {
            "code": "urgent",
            "calendar": "N",
            "limits": {clock: f"{hours}h" for clock, hours in HOURS.items()},
            "warn": [50, 80],
            "ladder": {"department_head": "0s", "street": "24h", "district": "120h"},
        }
    ],
    "categories": [{"code": "E01", "limit": None}, {"code": "E02", "limit": None}],
    "policies": [],
    "calendar": [{"year": 2026}],
    "hours": [{"unit": "", "periods": [["00:00", "24:00"]]}],
    "weights": [
        {"table": "departments", "measure": "sign_in_time", "weight": 40},
        {"table": "departments", "measure": "rework", "weight": 60},
        {"table": "communities", "measure": "resolved", "weight": 100},
    ],
}
AREAS = ("cj.sanhe.honghu.g01", "cj.sanhe.honghu.g02", "cj.sanhe.liuxi.g01", "cj.dongmen.nanyuan.g03")
DEPARTMENTS = ("zhujian", "chengguan", "shichang", "xiaofang")
SPACE = UUID("00000000-0000-7000-8000-0000000000aa")
BEGIN = datetime(2026, 9, 28, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Heard:
    """An event, when it is announced and when it is heard."""

    event: Any
    at: datetime
    heard_at: datetime


@dataclass
class Life:
    """One case's; `random` decides how it goes."""

    number: int
    random: Random
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case = uuid5(SPACE, f"case {self.number}")
        self.now = BEGIN + timedelta(hours=self.random.randint(0, 1_500))
        self.late = self.now
        area = self.random.choice(AREAS)
        self.place = Place(area, 118.1, 32.2, f"西湖春天{self.number}栋")
        self.category = self.random.choice(("E01", "E02"))
        self.summary = self.random.choice(("卫生间漏水到大堂", "电梯停运", "占道经营"))
        self.facts = (f"CJ-{self.number:06}", "urgent", self.category, self.place)
        self.live: dict[UUID, str] = {}
        self.round = 1

    def chance(self, of_ten: int) -> bool:
        """Whether it happens, so many times in ten."""
        return self.random.randint(1, 10) <= of_ten

    def passes(self, hours: int) -> datetime:
        """Time goes by, up to so many hours, to the minute."""
        self.now += timedelta(minutes=self.random.randint(1, hours * 60))
        return self.now

    def tell(self, event: Any) -> None:
        """Somebody announces this now; it is heard in its order, now and then hours later."""
        delay = timedelta(hours=self.random.choice((0, 0, 0, 0, 3, 30)))
        self.late = max(self.late, self.now + delay)
        self.heard.append(Heard(event, self.now, self.late))


def live(number: int, random: Random) -> list[Heard]:
    """All of a case's life, as it is heard."""
    life = Life(number, random)
    if life.chance(2):
        _handled_alone(life)
    elif _whistled(life):
        _dispatched(life)
        for step in (_dispute, _sign, _report, _suspend, _extend):
            step(life)
            if _withdrawn(life):
                return life.heard
        _work(life)
    return life.heard


def _handled_alone(life: Life) -> None:
    at = life.now
    life.tell(intake.CaseSelfHandledV1(life.case, *life.facts, life.summary, "修好了", "a", "a", "0" * 64, at))
    life.passes(40)
    _called_back(life, resolved=True)


def _whistled(life: Life) -> bool:
    case, (number, kind, category, place) = life.case, life.facts
    life.tell(intake.CaseRegisteredV1(case, number, "walk_in", category, kind, place, "a", life.now))
    for _ in range(life.random.randint(1, 2)):
        life.tell(intake.CaseSubmittedV1(case, kind, place.area, "a", life.passes(2)))
        if life.chance(2):
            life.tell(intake.CaseReturnedV1(case, "照片", "r", life.passes(4)))
    if life.chance(1):
        life.tell(intake.CaseRefusedV1(case, "不属实", "r", life.passes(4)))
        return False
    life.passes(4)
    said = (*life.facts, life.summary, "a", "r", False, "0" * 64, life.now)
    life.tell(intake.CaseWhistledV1(case, *said, ongoing=life.number % 3 == 0))
    return True


def _summons(life: Life, department: str, ordinal: int, minutes: int = 2_880) -> dispatch.Summons:
    id = uuid5(life.case, f"{department} {ordinal}")
    return dispatch.Summons(id, department, department, "support" if life.live else "lead", minutes)


def _dispatched(life: Life) -> None:
    summons = []
    for department in life.random.sample(DEPARTMENTS, life.random.randint(1, 3)):
        summons.append(_summons(life, department, 0))
        life.live[summons[-1].assignment_id] = department
    life.passes(2)
    life.tell(dispatch.CaseDispatchedV1(life.case, *life.facts, life.summary, tuple(summons), "d", life.now))
    if life.chance(8):
        life.tell(notice.SummonsDeliveredV1(life.case, tuple(life.live), life.passes(1)))


def _dispute(life: Life) -> None:
    for id, department in list(life.live.items()):
        if not life.chance(2):
            continue
        life.tell(dispatch.AssignmentDisputedV1(life.case, id, department, "第三条", "o", life.passes(2)))
        other = life.random.choice(DEPARTMENTS) if life.chance(6) else ""
        new = _summons(life, other, 1 + len(life.heard)) if other else None
        life.passes(14)
        ruled = dispatch.DisputeRuledV1(
            life.case, id, department, other, new.assignment_id if new else None, "裁定", "s", life.now
        )
        life.tell(ruled)
        if new:
            del life.live[id]
            life.live[new.assignment_id] = other
            summons = tuple(dispatch.Summons(one, of, of, "lead", 2_880) for one, of in life.live.items())
            life.tell(
                dispatch.SummonsChangedV1(
                    life.case, *life.facts, life.summary, summons, (new.assignment_id,), (id,), "改派", "s", life.now
                )
            )


def _sign(life: Life) -> None:
    for id, department in life.live.items():
        if life.chance(9):
            signed = dispatch.AssignmentSignedV1(life.case, id, department, "o", life.chance(2), life.passes(3))
            life.tell(signed)


def _report(life: Life) -> None:
    for id, department in list(life.live.items()):
        if life.chance(8):
            life.tell(dispatch.AssignmentReportedInV1(life.case, id, department, "o", 10.0, False, life.passes(4)))
            life.tell(dispatch.AssignmentStartedV1(life.case, id, department, "o", 1, life.passes(1)))
        elif len(life.live) > 1 and life.chance(3):
            life.tell(dispatch.AssignmentExcusedV1(life.case, id, department, "无关", "d", life.passes(1)))
            del life.live[id]


def _suspend(life: Life) -> None:
    if life.chance(2):
        review_by = life.passes(5) + timedelta(days=30)
        life.tell(dispatch.CaseSuspendedV1(life.case, "等材料", review_by, "q", life.now))
        life.tell(dispatch.CaseResumedV1(life.case, "到货", "q", life.passes(200)))


def _extend(life: Life) -> None:
    for id, department in life.live.items():
        for ordinal in range(1, life.random.randint(0, 2) + 1):
            asked = dispatch.ExtensionRequestedV1(life.case, id, department, ordinal, 720, "雨", "o", life.passes(6))
            life.tell(asked)
            granted = life.chance(6)
            ruling = dispatch.ExtensionRuledV1(
                life.case, id, department, ordinal, granted, 720, "同意", "s", life.passes(8)
            )
            life.tell(ruling)
            if not granted:
                break


def _withdrawn(life: Life) -> bool:
    if not life.chance(1):
        return False
    into = uuid5(SPACE, "another") if life.chance(5) else None
    life.tell(dispatch.DispatchWithdrawnV1(life.case, into, "重复", "r", life.passes(10)))
    life.tell(intake.CaseWithdrawnV1(life.case, into, "重复", "r", life.now))
    return True


def _work(life: Life) -> None:
    """Rounds of feeding back, verifying and calling back, until it is closed or nobody goes on."""
    for _ in range(4):
        for id, department in life.live.items():
            if life.chance(1):
                return
            fed_back = dispatch.AssignmentFedBackV1(life.case, id, department, "o", "修复", life.round, life.passes(40))
            life.tell(fed_back)
        all_fed_back = dispatch.CaseFedBackV1(
            life.case, *life.facts, life.summary, (), ("o",), "a", "0" * 64, life.round, life.now
        )
        life.tell(all_fed_back)
        if not _verified(life):
            continue
        if _called_back(life, resolved=life.chance(7)):
            return


def _verified(life: Life) -> bool:
    if life.chance(7):
        life.tell(closure.VerificationPassedV1(life.case, "g", life.passes(14)))
        return True
    failed = tuple(id for id in life.live if life.chance(5))
    life.tell(closure.VerificationFailedV1(life.case, failed, "未修好", "g", life.passes(14)))
    _reopened(life, failed)
    return False


def _called_back(life: Life, *, resolved: bool) -> bool:
    """Whether it is over."""
    if life.chance(1):
        for attempt in (1, 2, 3):
            not_reached = closure.CallbackRecordedV1(
                life.case, life.case, attempt, False, None, None, False, life.passes(9)
            )
            life.tell(not_reached)
        life.tell(closure.CaseClosedV1(life.case, True, True, None, "s", life.passes(9)))
        return True
    said = life.random.choice((None, 1, 2, 3, 4, 5))
    life.passes(30)
    life.tell(closure.CallbackRecordedV1(life.case, life.case, 1, True, resolved, said, False, life.now))
    if not resolved:
        _unresolved(life, appeal=False)
        return False
    life.tell(closure.CaseClosedV1(life.case, True, False, said, "c", life.now))
    if life.live and life.chance(2):
        life.passes(100)
        _unresolved(life, appeal=True)
        return False
    if life.chance(1):  # a reporter who was merged in is called back as well
        life.tell(closure.CaseClosedV1(life.case, True, False, 1, "c", life.passes(20)))
    if life.chance(5):
        life.tell(closure.CaseArchivedV1(life.case, life.passes(170)))
    return True


def _unresolved(life: Life, *, appeal: bool) -> None:
    failed = tuple(life.live)[:1]
    life.tell(closure.CaseUnresolvedV1(life.case, failed, "还漏", appeal, life.now))
    _reopened(life, failed)


def _reopened(life: Life, failed: tuple[UUID, ...]) -> None:
    life.round += 1
    reopened = tuple(dispatch.Summons(id, life.live[id], life.live[id], "lead", 1_440) for id in failed)
    life.tell(dispatch.CaseReopenedV1(life.case, reopened, "返工", life.round, life.passes(1)))


def in_turn(lives: list[list[Heard]]) -> Iterator[Heard]:
    """All of them, in the order in which they are heard."""
    yield from sorted((one for life in lives for one in life), key=lambda one: one.heard_at)
