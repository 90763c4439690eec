"""The urban management team on a case: who they are, and a desk that lets them act in memory."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

from services.enforcement.commands import (
    add_evidence,
    conclude_record,
    open_record,
    order_rectification,
    recheck_rectification,
    record_check,
    recuse_officer,
    review_evidence,
    transfer_record,
    upload_evidence,
)
from services.enforcement.domain.assignment import Assignment
from services.enforcement.domain.evidence import Custody, Evidence, Upload
from services.enforcement.domain.record import Record
from services.enforcement.domain.transitions import AssignmentState, RecordState
from services.enforcement.domain.values import Source, Spot, Use
from shared.access.actor import Actor, Role
from shared.engine.work import Outcome
from tests.support.deciding import NOON, decide

CASE = UUID(int=1)
ASSIGNMENT = UUID(int=2)
AREA = "cj.sanhe.honghu.1"
TEAM = "chengguan"
SITE = Spot("西湖春天小区 3 幢二楼", 120.155, 30.274)
TODAY = date(2026, 3, 2)

OFFICERS = [
    {"id": "chen", "department": TEAM, "certificate": "ZF-001"},
    {"id": "lin", "department": TEAM, "certificate": "ZF-002"},
    {"id": "wu", "department": TEAM, "certificate": "ZF-003"},
    {"id": "desk", "department": TEAM, "certificate": ""},
    {"id": "other", "department": "shichang", "certificate": "ZF-004"},
]
REFERENCES = {"officers": OFFICERS, "departments": [{"code": TEAM}, {"code": "shichang"}]}


def officer(id: str, department: str = TEAM) -> Actor:
    """Somebody of a department."""
    return Actor(id, frozenset({Role.OFFICER}), department, AREA)


CHEN, LIN, WU, DESK = officer("chen"), officer("lin"), officer("wu"), officer("desk")
STRANGER = officer("other", "shichang")
STREET = Actor("street", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
CLERK = Actor("clerk", frozenset({Role.INTAKE_CLERK}), "", "cj.sanhe")


@dataclass
class Desk:
    """Carries out commands one after another and keeps what they leave."""

    kept: dict[tuple[type[Any], UUID], Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    now: datetime = NOON
    works: int = 0

    def put(self, *aggregates: Any) -> None:
        """Keep these as they are."""
        self.kept |= {(type(one), one.id): one for one in aggregates}

    def do(self, module: ModuleType, command: Any, **references: Any) -> Any:
        """Let the command decide; keep what is new and changed; its result."""
        self.works += 1
        outcome: Outcome = decide(
            module,
            command,
            *self.kept.values(),
            references=REFERENCES | references,
            now=self.now,
            work=UUID(int=1000 + self.works),
        )
        self.put(*outcome.new, *outcome.changed)
        self.events += outcome.events
        return outcome.result

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def announced(self, kind: type[Any]) -> list[Any]:
        """The events of this kind so far."""
        return [event for event in self.events if type(event) is kind]

    @property
    def record(self) -> Record:
        """The one record."""
        (found,) = (one for one in self.kept.values() if isinstance(one, Record))
        return found

    @property
    def custody(self) -> list[tuple[str, str, datetime]]:
        """The chain of custody in the order in which it grew: what was done, by whom, when."""
        return [(str(one.handling), one.by, one.at) for one in self.kept.values() if isinstance(one, Custody)]

    def open(self, *officers: str, actor: Actor = CHEN) -> Record:
        """Open a record."""
        command = open_record.OpenRecord(ASSIGNMENT, officers or ("chen", "lin"), actor)
        result: Record = self.do(open_record, command)
        return result

    def check(self, violation: bool = True, actor: Actor = CHEN, **changes: Any) -> Record:
        """Check on site."""
        said: dict[str, Any] = {
            "certificates_shown": True,
            "present": ("chen", "lin"),
            "spot": SITE,
            "at": None,
        } | changes
        command = record_check.RecordCheck(self.record.id, "二楼卫生间漏水", violation, actor=actor, **said)
        result: Record = self.do(record_check, command)
        return result

    def order(self, until: date = TODAY + timedelta(days=3), actor: Actor = CHEN, **changes: Any) -> Record:
        """Order to rectify."""
        command = order_rectification.OrderRectification(
            self.record.id, "某餐饮店", "修复渗漏管道", until, actor, **changes
        )
        result: Record = self.do(order_rectification, command)
        return result

    def recheck(self, rectified: bool = True, actor: Actor = CHEN, **changes: Any) -> Record:
        """Check the order."""
        said: dict[str, Any] = {"present": ("chen", "lin"), "spot": SITE, "at": None} | changes
        command = recheck_rectification.RecheckRectification(self.record.id, "已修复", rectified, actor=actor, **said)
        result: Record = self.do(recheck_rectification, command)
        return result

    def conclude(self, actor: Actor = CHEN, **changes: Any) -> Record:
        """End it well."""
        command = conclude_record.ConcludeRecord(self.record.id, "复查合格", actor, **changes)
        result: Record = self.do(conclude_record, command)
        return result

    def transfer(self, to: str = "shichang", actor: Actor = CHEN, **changes: Any) -> Record:
        """Hand it over to another department."""
        command = transfer_record.TransferRecord(self.record.id, to, "不在本队事项清单内", actor, **changes)
        result: Record = self.do(transfer_record, command)
        return result

    def recuse(self, who: str = "lin", replacement: str | None = "wu", actor: Actor = CHEN, **changes: Any) -> Record:
        """Let an officer step back."""
        command = recuse_officer.RecuseOfficer(self.record.id, who, "与当事人有亲属关系", replacement, actor, **changes)
        result: Record = self.do(recuse_officer, command)
        return result

    def upload(self, actor: Actor = CHEN, kind: str = "photo", content_type: str = "image/jpeg") -> Upload:
        """Send a file."""
        command = upload_evidence.UploadEvidence("ab" * 32, 1234, content_type, kind, "现场.jpg", actor)
        result: Upload = self.do(upload_evidence, command)
        return result

    def add(
        self, upload: Upload | None = None, source: Source = Source.OFFICER, actor: Actor = CHEN, **changes: Any
    ) -> Evidence:
        """Make a sent file evidence."""
        said: dict[str, Any] = {"taken_at": None, "spot": SITE} | changes
        sent = upload or self.upload(actor)
        command = add_evidence.AddEvidence(self.record.id, sent.id, "漏水点", source, actor=actor, **said)
        result: Evidence = self.do(add_evidence, command)
        return result

    def review(self, evidence: Evidence, use: Use = Use.EVIDENCE, actor: Actor = LIN, **changes: Any) -> Evidence:
        """Review what it may be used for."""
        command = review_evidence.ReviewEvidence(evidence.id, use, "法制和技术审核通过", actor, **changes)
        result: Evidence = self.do(review_evidence, command)
        return result


def on_site() -> Desk:
    """The team has reported in."""
    desk = Desk()
    desk.put(assignment(AssignmentState.REPORTED_IN))
    return desk


def with_record(state: RecordState = RecordState.OPENED) -> Desk:
    """A record in this state, reached by the officers' own steps."""
    desk = on_site()
    desk.open()
    for step in PATHS[state]:
        step(desk)
    assert desk.record.state is state
    return desk


def assignment(state: AssignmentState) -> Assignment:
    """The team's assignment."""
    return Assignment(ASSIGNMENT, CASE, "CJ-1", "shanghu-loushui", TEAM, AREA, state)


PATHS: dict[RecordState, list[Any]] = {
    RecordState.OPENED: [],
    RecordState.NOTHING_FOUND: [lambda desk: desk.check(violation=False)],
    RecordState.VIOLATION_FOUND: [Desk.check],
    RecordState.ORDERED: [Desk.check, Desk.order],
    RecordState.RECTIFIED: [Desk.check, Desk.order, Desk.recheck],
    RecordState.NOT_RECTIFIED: [Desk.check, Desk.order, lambda desk: desk.recheck(rectified=False)],
    RecordState.CONCLUDED: [Desk.check, Desk.order, Desk.recheck, Desk.conclude],
    RecordState.TRANSFERRED: [Desk.transfer],
}
