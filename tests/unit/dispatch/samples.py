"""A small town, a whistle, a case and its assignments, as tests of dispatch need them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from services.dispatch.domain.assignment import ENDED, Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.records import Dispute, Ending, Feedback, Limit, Part, Report, Signature, Suspension
from services.dispatch.domain.transitions import AssignmentState, CaseState
from shared.access.actor import Actor, Role
from shared.contracts.intake import CaseWhistledV1
from shared.contracts.places import Place
from tests.support.deciding import NOON

CASE = UUID("00000000-0000-7000-8000-00000000000a")
GATE = Place("cj.sanhe.honghu.g03", 118.1, 32.2, "西湖春天 2 号楼")
LEAK, DISPUTE, STALL, LOST, UNKNOWN = "E06-01", "E06-09", "E04-01", "E05-08", "E99-99"

OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
DISPATCHER = Actor("dispatcher.chunjiang", frozenset({Role.DISPATCHER}), "zhihui", "cj")
STREET = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
DISTRICT = Actor("supervisor.chunjiang", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
REVIEWER = Actor("reviewer.sanhe", frozenset({Role.REVIEWER}), "jiedao", "cj.sanhe")


def officer(department: str) -> Actor:
    """Somebody of this department."""
    return Actor(f"officer.{department}", frozenset({Role.OFFICER}), department, "cj")


def _department(code: str, name: str, kind: str = "government", area: str = "cj") -> dict[str, Any]:
    return {"code": code, "name": name, "name_en": code, "aliases": [], "kind": kind, "area": area, "enforces": False}


def _category(code: str, limit: str | None = None, community_may_lead: bool = False) -> dict[str, Any]:
    return {"code": code, "name": code, "limit": limit, "community_may_lead": community_may_lead}


def _kind(code: str, sign: str, close: str) -> dict[str, Any]:
    return {"code": code, "calendar": "W", "limits": {"review": "1h", "sign": sign, "close": close}}


def _row(category: str, area: str, lead: str, *supports: str) -> dict[str, Any]:
    return {"category": category, "area": area, "lead": lead, "supports": list(supports)}


TOWN: dict[str, Any] = {
    "departments": [
        _department("zhujian", "区住建局"),
        _department("chengguan", "区城管局"),
        _department("shichang", "区市场监管局"),
        _department("sifa", "区司法局"),
        _department("gongan", "区公安分局"),
        _department("wuye", "物业公司", "property", "cj.sanhe"),
        _department("shequ", "弘湖社区", "community", "cj.sanhe.honghu"),
        _department("elsewhere", "柳溪社区", "community", "cj.sanhe.liuxi"),
    ],
    "categories": [
        _category(LEAK, "7d"),
        _category(DISPUTE, community_may_lead=True),
        _category(STALL, "2h"),
        _category(LOST, "30m"),
    ],
    "kinds": [_kind("joint_enforcement", "1h", "7d"), _kind("daily", "1d", "5d"), _kind("emergency", "15m", "24h")],
    "responsibility": [
        _row(LEAK, "cj", "zhujian", "chengguan", "shichang"),
        _row(DISPUTE, "cj", "sifa", "gongan"),
        _row(DISPUTE, "cj.sanhe.honghu", "sifa", "gongan", "shequ"),
        _row(STALL, "cj", "chengguan"),
        _row(LOST, "cj.other", "gongan"),
    ],
}


def whistle(**fields: Any) -> CaseWhistledV1:
    """The whistle about the leaking restaurant."""
    usual = CaseWhistledV1(
        case_id=CASE,
        number="CJ-2026-0001",
        kind="joint_enforcement",
        category=LEAK,
        place=GATE,
        summary="二楼餐饮店卫生间漏水",
        author="clerk.honghu",
        reviewer="reviewer.sanhe",
        emergency=False,
        tracking_digest="ab" * 32,
        whistled_at=NOON - timedelta(minutes=1),
        photos=("cd" * 32,),
    )
    return replace(usual, **fields)


def case(state: CaseState = CaseState.DISPATCHED, **fields: Any) -> Case:
    """The case in this state."""
    made = Case.whistled(whistle(), state, None if state is CaseState.AWAITING else NOON)
    if state is CaseState.SUSPENDED:
        made = replace(made, suspensions=(Suspension("supervisor.chunjiang", NOON, "停工", NOON + timedelta(days=30)),))
    return replace(made, **fields)


def assignment(
    department: str = "zhujian",
    state: AssignmentState = AssignmentState.TO_SIGN,
    part: Part = Part.LEAD,
    **fields: Any,
) -> Assignment:
    """This department's assignment in this state, with the record that leads there."""
    names = {row["code"]: row["name"] for row in TOWN["departments"]}
    made = Assignment(
        id=uuid5(CASE, department),
        case_id=CASE,
        area=GATE.area,
        department=department,
        department_name=names[department],
        part=part,
        limit_minutes=7 * 1440,
        signing_limit_minutes=60,
        limits=(Limit(7 * 1440, "dispatch", NOON),),
        dispatched_at=NOON,
        clock_from=NOON,
        state=state,
    )
    return replace(made, **{**_record(state, f"officer.{department}"), **fields})


def _record(state: AssignmentState, by: str) -> dict[str, Any]:
    order = ("signed", "reported_in", "in_progress", "fed_back", "accepted")
    reached = order.index(state) + 1 if state in order else len(order) if state is AssignmentState.REWORK else 0
    record: dict[str, Any] = {}
    if reached:
        record |= {"signature": Signature(by, NOON, deemed=False), "handlers": (by,)}
    if reached > 1:
        record["report"] = Report(by, NOON, GATE.longitude, GATE.latitude, "", 0.0, far=False)
    if reached > 3:
        record["feedbacks"] = (Feedback(by, NOON, "已修复", 1),)
    if state in (AssignmentState.DISPUTED, AssignmentState.REROUTED):
        record["dispute"] = Dispute(by, NOON, "住建部门职责规定第三条")
    if state in ENDED:
        record["ending"] = Ending("supervisor.sanhe", NOON, "改派")
    return record


def three(
    lead: AssignmentState = AssignmentState.TO_SIGN,
    first: AssignmentState = AssignmentState.TO_SIGN,
    second: AssignmentState = AssignmentState.TO_SIGN,
) -> tuple[Assignment, Assignment, Assignment]:
    """The three departments of the story: lead, and two supports."""
    return (
        assignment("zhujian", lead),
        assignment("chengguan", first, Part.SUPPORT),
        assignment("shichang", second, Part.SUPPORT),
    )
