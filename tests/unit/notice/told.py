"""Events of supervision and the town's people, as notice meets them; and what it keeps, in memory."""

from datetime import datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.notice.commands import change_preferences, tell_staff
from services.notice.commands.change_preferences import ChangePreferences
from services.notice.commands.tell_staff import TellStaff
from services.notice.domain.delivery import Delivery
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Channel, Kind
from shared.access.actor import Actor, Role
from shared.contracts.supervision import (
    Audience,
    BreachWithdrawnV1,
    CaseFacts,
    ClockEscalatedV1,
    ClockFacts,
    ClockOverdueV1,
    ClockWarnedV1,
    OrderAcceptedV1,
    OrderAnsweredV1,
    OrderIssuedV1,
    OrderReturnedV1,
    RefusalConcludedV1,
    RefusalReportedV1,
)
from shared.engine.work import Outcome
from tests.support.deciding import NOON, decide
from tests.unit.notice.samples import CASE, LEAD

DEPARTMENTS = [
    {"code": "zhujian", "name": "区住建局", "kind": "district", "area": "cj"},
    {"code": "chengguan", "name": "区城管局", "kind": "district", "area": "cj"},
    {"code": "shichang", "name": "区市场监管局", "kind": "district", "area": "cj"},
]
CATEGORIES = [{"code": "E06-01", "name": "房屋渗漏", "community_may_lead": False}]


def staff_row(id: str, roles: str, department: str = "", area: str = "cj") -> dict[str, Any]:
    """Somebody as the directory's snapshot names them."""
    return {"id": id, "roles": roles.split(), "department": department, "area": area}


STAFF = [
    staff_row("officer.zhujian", "officer", "zhujian"),
    staff_row("officer2.zhujian", "officer", "zhujian"),
    staff_row("head.zhujian", "officer department_head", "zhujian"),
    staff_row("officer.chengguan", "officer", "chengguan"),
    staff_row("supervisor.sanhe", "supervisor", "jiedao", "cj.sanhe"),
    staff_row("supervisor.wulin", "supervisor", "jiedao2", "cj.wulin"),
    staff_row("supervisor.cj", "district_supervisor", "zhihui", "cj"),
    staff_row("clerk.honghu", "intake_clerk", "shequ-honghu", "cj.sanhe.honghu"),
    staff_row("clerk.g03", "intake_clerk", "shequ-honghu", "cj.sanhe.honghu.g03"),
]
SNAPSHOTS = {"staff": STAFF, "departments": DEPARTMENTS, "categories": CATEGORIES}

FACTS = CaseFacts("SH-0001", "joint_enforcement", "E06-01", "cj.sanhe.honghu.g01")
CLOCK = ClockFacts(UUID(int=71), "report_in", str(LEAD), LEAD, "zhujian", NOON, NOON + timedelta(hours=2))
OFFICERS = (Audience("officer", "zhujian"),)
STREET = (Audience("supervisor", area="cj.sanhe.honghu.g01"),)

WARNED = ClockWarnedV1(CASE, FACTS, CLOCK, 80, OFFICERS, NOON)
OVERDUE = ClockOverdueV1(CASE, FACTS, CLOCK, (*OFFICERS, Audience("department_head", "zhujian")), NOON)
ESCALATED = ClockEscalatedV1(CASE, FACTS, CLOCK, "street", STREET, NOON)
WITHDRAWN = BreachWithdrawnV1(CASE, FACTS, CLOCK, OFFICERS, NOON + timedelta(hours=1), NOON + timedelta(hours=3))
ISSUED = OrderIssuedV1(
    case_id=CASE,
    case=FACTS,
    order_id=UUID(int=72),
    kind="order",
    assignment_id=LEAD,
    department="zhujian",
    text="请三日内到场处置",
    reply_by=NOON + timedelta(days=3),
    audience=OFFICERS,
    issued_by="supervisor.sanhe",
    issued_at=NOON,
)
ISSUER = (Audience("supervisor", area="cj.sanhe.honghu.g01", person="supervisor.sanhe"),)
ANSWERED = OrderAnsweredV1(CASE, UUID(int=72), "zhujian", ISSUER, "head.zhujian", NOON, "已安排维修")
ACCEPTED = OrderAcceptedV1(CASE, UUID(int=72), "zhujian", OFFICERS, "supervisor.sanhe", NOON)
RETURNED = OrderReturnedV1(
    case_id=CASE,
    order_id=UUID(int=72),
    assignment_id=LEAD,
    department="zhujian",
    reason="未说明完成时间",
    reply_by=NOON + timedelta(days=1),
    audience=OFFICERS,
    returned_by="supervisor.sanhe",
    returned_at=NOON,
)
REPORTED = RefusalReportedV1(
    case_id=CASE,
    case=FACTS,
    refusal_id=UUID(int=73),
    assignment_id=LEAD,
    department="zhujian",
    reason="两次电话均答复不予到场",
    audience=(Audience("district_supervisor", area="cj.sanhe.honghu.g01"),),
    reported_by="supervisor.sanhe",
    reported_at=NOON,
)
CONCLUDED = RefusalConcludedV1(
    case_id=CASE,
    case=FACTS,
    refusal_id=UUID(int=73),
    assignment_id=LEAD,
    department="zhujian",
    justified=False,
    points=5,
    finding="属其法定职责",
    audience=STREET,
    concluded_by="supervisor.cj",
    concluded_at=NOON,
)
ALL = (WARNED, OVERDUE, ESCALATED, WITHDRAWN, ISSUED, ANSWERED, ACCEPTED, RETURNED, REPORTED, CONCLUDED)

READER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
OTHER_READER = replace(READER, id="officer2.zhujian")

HOOK = Channel("值班", Kind.WEBHOOK, "https://hooks.example.org/a", "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=")


class Desk:
    """Everything that notice keeps, as its store would."""

    def __init__(self, **snapshots: Any) -> None:
        self.rows: dict[tuple[type[Any], Any], Any] = {}
        self.now: datetime = NOON
        self.snapshots: dict[str, Any] = {**SNAPSHOTS, **snapshots}
        self._works = count(1)

    def do(self, module: ModuleType, command: Any, work: UUID | None = None) -> Outcome:
        """Carry out a command; what it changes is kept."""
        known = self.rows.values()
        outcome = decide(
            module,
            command,
            *known,
            references=self.snapshots,
            now=self.now,
            work=work or UUID(int=5_000 + next(self._works)),
        )
        assert not {(type(row), row.id) for row in outcome.new} & self.rows.keys()
        self.rows |= {(type(row), row.id): row for row in (*outcome.new, *outcome.changed)}
        return outcome

    def tell(self, event: Any) -> list[Notification]:
        """Supervision announced this."""
        told = self.do(tell_staff, TellStaff(event)).new
        return [one for one in told if isinstance(one, Notification)]

    def choose(self, *channels: Channel, by: Actor = READER, language: str = "zh", **chosen: str) -> Any:
        """Somebody chooses: `clock_warned="值班"`; the result."""
        names = {template.replace("_", "."): tuple(said.split()) for template, said in chosen.items()}
        return self.do(change_preferences, ChangePreferences(language, channels, names, by)).result

    def of(self, kind: type[Any]) -> list[Any]:
        """Every row of one kind."""
        return [row for (of, _), row in self.rows.items() if of is kind]

    @property
    def delivery(self) -> Delivery:
        """The only delivery."""
        (only,) = self.of(Delivery)
        assert isinstance(only, Delivery)
        return only
