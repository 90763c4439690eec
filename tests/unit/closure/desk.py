"""A desk where closure's commands are carried out in memory, one after another, and what was announced piles up."""

from datetime import datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

from services.closure.commands import (
    appeal_case,
    archive_case,
    close_unreached,
    evaluate_departments,
    evaluate_street,
    fail_verification,
    keep_feedback,
    pass_verification,
    receive_case,
    receive_handled_case,
    record_callback,
    withdraw_case,
)
from services.closure.domain.case import Case
from services.closure.domain.photo import Photo
from services.closure.domain.reporter import Answer, Reporter
from services.closure.domain.transitions import State
from shared.access.actor import Actor, Role
from shared.contracts.dispatch import AssignmentFedBackV1, CaseFedBackV1, Summons, WithdrawalForwardedV1
from shared.contracts.intake import CaseSelfHandledV1
from shared.contracts.places import Place
from shared.engine.work import Outcome
from tests.support.deciding import NOON, decide

T = TypeVar("T")

CASE = UUID(int=1)
LEAD, SUPPORT, EXCUSED = UUID(int=11), UUID(int=12), UUID(int=13)
OTHER_CASE = UUID(int=2)
REQUEST = UUID(int=21)
DIGEST, OTHER_DIGEST = "a1" * 32, "b2" * 32
PHOTO, STREETS_PHOTO = UUID(int=31), UUID(int=32)
PLACE = Place("cj.sanhe.honghu.g01.c01", 118.1, 32.2, "西湖春天门厅")
CONDITION = "漏点修复，复查无渗漏，公共部位已清理"

CLERK = Actor("clerk.honghu", frozenset({Role.INTAKE_CLERK}), "honghu", "cj.sanhe.honghu")
STREET = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
CALLER = Actor("callback.sanhe", frozenset({Role.CALLBACK_CLERK}), "jiedao", "cj.sanhe")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
SUPPORTER = Actor("officer.chengguan", frozenset({Role.OFFICER}), "chengguan", "cj")
ABSENT = Actor("officer.shichang", frozenset({Role.OFFICER}), "shichang", "cj")
RESIDENT = Actor(DIGEST, frozenset({Role.RESIDENT}))
OTHER_RESIDENT = Actor(OTHER_DIGEST, frozenset({Role.RESIDENT}))

REFERENCES = {
    "categories": [{"code": "E06-01", "closing_condition": CONDITION}],
    "areas": [
        {"code": "cj.sanhe", "name": "三和镇", "level": "street"},
        {"code": "cj.sanhe.honghu", "name": "弘湖社区", "level": "community"},
        {"code": "cj.sanhe.honghu.g01.c01", "name": "西湖春天1幢", "level": "cell"},
    ],
}

YES, NO = Answer(True, 5), Answer(False, 1)


def fed_back(assignment: UUID = LEAD, department: str = "zhujian", round: int = 1) -> AssignmentFedBackV1:
    """Dispatch says that a department fed back."""
    return AssignmentFedBackV1(CASE, assignment, department, f"officer.{department}", "已更换漏水管道", round, NOON)


def handed_over(round: int = 1, digest: str = DIGEST) -> CaseFedBackV1:
    """Dispatch says that every department has fed back."""
    return CaseFedBackV1(
        case_id=CASE,
        number="SH-0001",
        kind="joint_enforcement",
        category="E06-01",
        place=PLACE,
        summary="二楼卫生间渗漏到门厅",
        summons=(
            Summons(LEAD, "zhujian", "区住建局", "lead", 10080),
            Summons(SUPPORT, "chengguan", "区城管局", "support", 10080),
            Summons(EXCUSED, "shichang", "区市场监管局", "support", 10080),
        ),
        handlers=("officer.zhujian", "officer.chengguan"),
        author="clerk.honghu",
        tracking_digest=digest,
        round=round,
        fed_back_at=NOON,
    )


def self_handled(measures: str = "社区已清理门厅") -> CaseSelfHandledV1:
    """Intake says that the community solved it itself."""
    return CaseSelfHandledV1(
        case_id=CASE,
        number="SH-0001",
        kind="daily",
        category="E06-01",
        place=PLACE,
        summary="门厅积水",
        measures=measures,
        author="clerk.honghu",
        handled_by="clerk.honghu",
        tracking_digest=DIGEST,
        handled_at=NOON,
    )


def withdrawal(into: UUID | None = None) -> WithdrawalForwardedV1:
    """Dispatch passes on that the street wants the case voided, or merged."""
    return WithdrawalForwardedV1(CASE, REQUEST, into, "重复登记", "reviewer.sanhe", NOON)


def a_photo(id: UUID, sender: Actor) -> Photo:
    """A photo that somebody sent."""
    return Photo(id, "c3" * 32, 1_000, "image/jpeg", "门厅.jpg", sender.id, NOON)


class Desk:
    """Rows as the store would keep them, and every event that was announced."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Any], Any], Any] = {}
        self.events: list[Any] = []
        self.now: datetime = NOON
        self._works = count(1)
        for photo in (a_photo(PHOTO, CLERK), a_photo(STREETS_PHOTO, STREET)):
            self.rows[Photo, photo.id] = photo

    def do(self, module: ModuleType, command: Any) -> Outcome:
        """Carry out a command; what it changes is kept, what it announces is noted."""
        work = UUID(int=1_000 + next(self._works))
        outcome = decide(module, command, *self.rows.values(), references=REFERENCES, now=self.now, work=work)
        for row in (*outcome.new, *outcome.changed):
            self.rows[type(row), row.id] = row
        self.events += outcome.events
        return outcome

    def wait(self, days: int) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)

    @property
    def case(self) -> Case:
        """The case."""
        found: Case = self.rows[Case, CASE]
        return found

    def stands_at(self, state: State) -> bool:
        """Whether the case stands in this state."""
        return self.case.state is state

    def reporter(self, digest: str = DIGEST) -> Reporter:
        """One of its reporters."""
        found: Reporter = self.rows[Reporter, digest]
        return found

    def announced(self, kind: type[T]) -> list[T]:
        """What was announced of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def receive(self) -> None:
        """Lead and one support have fed back, the other was excused; the case is handed over."""
        self.do(keep_feedback, keep_feedback.KeepFeedback(fed_back(LEAD, "zhujian")))
        self.do(keep_feedback, keep_feedback.KeepFeedback(fed_back(SUPPORT, "chengguan")))
        self.do(receive_case, receive_case.ReceiveCase(handed_over()))

    def pass_it(self, actor: Actor = CLERK) -> None:
        """Found solved on site."""
        photo = STREETS_PHOTO if actor.id == STREET.id else PHOTO
        self.do(pass_verification, pass_verification.PassVerification(CASE, actor, (photo,), True))

    def fail_it(self, *failed: UUID, actor: Actor = CLERK) -> None:
        """Found not solved; without names the support's part failed."""
        command = fail_verification.FailVerification(CASE, actor, failed or (SUPPORT,), "墙面仍有渗水")
        self.do(fail_verification, command)

    def call(self, answer: Answer | None, reporter_case: UUID | None = None) -> None:
        """The clerk calls a reporter back."""
        self.do(record_callback, record_callback.RecordCallback(CASE, CALLER, answer, reporter_case))

    def score_departments(self) -> None:
        """The street evaluates both departments that reported in."""
        scores = (evaluate_departments.Score("zhujian", 5), evaluate_departments.Score("chengguan", 3, "到场较晚"))
        self.do(evaluate_departments, evaluate_departments.EvaluateDepartments(CASE, STREET, scores))

    def score_street(self, actor: Actor) -> None:
        """One department evaluates the street."""
        self.do(evaluate_street, evaluate_street.EvaluateStreet(CASE, actor, 4))

    def appeal(self, actor: Actor = RESIDENT) -> None:
        """A resident appeals by tracking code."""
        self.do(appeal_case, appeal_case.AppealCase(actor, "又漏水了"))

    def give_up(self) -> None:
        """The street closes a case whose reporter cannot be reached."""
        self.do(close_unreached, close_unreached.CloseUnreached(CASE, STREET))

    def archive(self, closed_at: datetime | None = None) -> None:
        """Supervision says that the case was closed long enough ago, at this time or when it was closed last."""
        self.do(archive_case, archive_case.ArchiveCase(CASE, closed_at or self.case.closed_at or self.now))

    def withdraw(self, into: UUID | None = None) -> None:
        """The street wants the case withdrawn."""
        self.do(withdraw_case, withdraw_case.WithdrawCase(withdrawal(into)))

    def receive_handled(self) -> None:
        """The community solved it itself."""
        self.do(receive_handled_case, receive_handled_case.ReceiveHandledCase(self_handled()))


def desk_with(state: State | None) -> Desk:
    """A desk whose case has come as far as this; None for a desk without one."""
    desk = Desk()
    if state is None:
        return desk
    desk.receive()
    if state is State.WITHDRAWN:
        desk.withdraw()
    elif state is State.REWORK:
        desk.fail_it()
    elif state is not State.TO_VERIFY:
        desk.pass_it()
        if state is not State.CALL_BACK:
            desk.call(YES)
            if state is State.ARCHIVED:
                desk.score_departments()
                desk.score_street(OFFICER)
                desk.score_street(SUPPORTER)
    assert desk.case.state is state
    return desk
