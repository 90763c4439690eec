"""A small town, its people and cases in every state, for intake's unit tests."""

from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.intake.domain.case import Attachment, Case, Channel, Submission, Withdrawal
from services.intake.domain.complaint import Complaint, Reporter
from services.intake.domain.progress import Progress, Stage
from services.intake.domain.transitions import State
from services.intake.domain.upload import Upload
from shared.access.actor import Actor, Role
from shared.contracts.places import Place
from shared.engine.work import Outcome
from tests.support.deciding import NOON, decide

EARLIER = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

PHOTO, CLIP = "a" * 64, "b" * 64
NUMBERS = ("吹20260302-AAAAAA", "吹20260302-BBBBBB")
CODE = "7K3M9QXW2T4PV6C8H1JB5NDR"
DIGEST = "0c1c7a0a6bd8cf2a0a3fbb80c5d3f9a0f2b9a0c9d8e7f6a5b4c3d2e1f0a9b8c7"

CASE_ID = UUID("00000000-0000-7000-8000-00000000000a")
OTHER_ID = UUID("00000000-0000-7000-8000-00000000000b")
THIRD_ID = UUID("00000000-0000-7000-8000-00000000000c")
REQUEST_ID = UUID("00000000-0000-7000-8000-00000000000d")


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A GeoJSON rectangle."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def area(code: str, level: str, boundary: dict[str, Any], *addresses: str) -> dict[str, Any]:
    """A row of the snapshot `areas`."""
    return {"code": code, "name": code, "level": level, "boundary": boundary, "addresses": list(addresses)}


AREAS = [
    area("cj", "district", square(0, 0, 10, 10)),
    area("cj.sanhe", "street", square(0, 0, 9, 9)),
    area("cj.sanhe.honghu", "community", square(0, 0, 4, 4), "弘湖社区"),
    area("cj.sanhe.honghu.g03", "grid", square(0, 0, 2, 2), "西湖春天"),
    area("cj.sanhe.honghu.g03.c09", "cell", square(0, 0, 1, 1), "西湖春天1栋", "春江大道6号"),
    area("cj.sanhe.honghu.g03.c10", "cell", square(1, 0, 2, 1), "西湖春天2栋"),
    area("cj.sanhe.liuxi", "community", square(4, 0, 8, 4)),
    area("cj.sanhe.liuxi.g05", "grid", square(4, 0, 6, 2), "柳溪家园"),
]
CELL, GRID, OTHER_GRID = "cj.sanhe.honghu.g03.c09", "cj.sanhe.honghu.g03", "cj.sanhe.liuxi.g05"
IN_CELL = Place("", 0.5, 0.5, "西湖春天1栋门厅")

TOWN: dict[str, Any] = {
    "areas": AREAS,
    "categories": [
        {"code": "E06-01", "kind": "joint_enforcement"},
        {"code": "E05-04", "kind": "emergency"},
        {"code": "E09-99", "kind": "daily"},
        {"code": "E09-98", "kind": "daily"},
        {"code": "E06-09", "kind": "daily"},
    ],
    "kinds": [
        {"code": "joint_enforcement", "emergency": False, "photo_required": True},
        {"code": "emergency", "emergency": True, "photo_required": False},
        {"code": "daily", "emergency": False, "photo_required": False},
    ],
    "responsibility": [
        {"category": "E06-01", "area": "cj", "lead": "zhujian", "supports": ["chengguan"]},
        {"category": "E05-04", "area": "cj", "lead": "zhujian", "supports": []},
        {"category": "E09-98", "area": "cj", "lead": "dissolved", "supports": []},
        {"category": "E06-09", "area": "cj.sanhe.honghu", "lead": "zhujian", "supports": []},
    ],
    "departments": [{"code": "zhujian"}, {"code": "chengguan"}],
}

CLERK = Actor("clerk.honghu", frozenset({Role.INTAKE_CLERK}), "shequ-honghu", "cj.sanhe.honghu")
OTHER_CLERK = Actor("clerk.liuxi", frozenset({Role.INTAKE_CLERK}), "shequ-liuxi", "cj.sanhe.liuxi")
BOTH = Actor("clerk.sanhe", frozenset({Role.INTAKE_CLERK, Role.REVIEWER}), "jiedao", "cj.sanhe")
REVIEWER = Actor("reviewer.sanhe", frozenset({Role.REVIEWER}), "jiedao", "cj.sanhe")
OTHER_REVIEWER = Actor("reviewer.jiangnan", frozenset({Role.REVIEWER}), "jiedao-2", "cj.jiangnan")
SUPERVISOR = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
CALLBACK = Actor("callback.sanhe", frozenset({Role.CALLBACK_CLERK}), "jiedao", "cj.sanhe")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian")
EVERYBODY_ELSE = (OFFICER, CALLBACK, OTHER_CLERK, OTHER_REVIEWER)

REPORTER = Reporter("张建国", "138 0013 8000", "西湖春天2栋301")
TRIED = "社区两次上门要求店主维修，店主拒绝"


def a_case(state: State = State.DRAFT, **fields: Any) -> Case:
    """A case that could be submitted, as it is in this state."""
    case = Case(
        id=CASE_ID,
        number=NUMBERS[0],
        state=state,
        channel=Channel.WALK_IN,
        category="E06-01",
        kind="joint_enforcement",
        area=CELL,
        longitude=0.5,
        latitude=0.5,
        address="西湖春天1栋门厅",
        home=False,
        summary="二楼饭店厕所漏水到门厅",
        tried=TRIED,
        attachments=(Attachment(PHOTO, 1000, "image/jpeg"),),
        author=CLERK.id,
        tracking_digest=DIGEST,
        registered_at=EARLIER,
    )
    if state not in (State.DRAFT, State.SELF_HANDLED, State.MERGED, State.VOID):
        case = replace(case, submission=Submission(CLERK.id, EARLIER))
    if state in (State.WHISTLED, State.WITHDRAWING):
        case = replace(case, whistled_at=EARLIER)
    if state is State.WITHDRAWING:
        case = replace(case, withdrawal=Withdrawal(REQUEST_ID, "重复", REVIEWER.id, EARLIER))
    return replace(case, **fields)


def another(state: State = State.DRAFT, id: UUID = OTHER_ID, **fields: Any) -> Case:
    """Another case, such as one about the same."""
    return a_case(state, id=id, number=f"吹20260302-{id.int % 1000:06}", tracking_digest=f"digest of {id}", **fields)


def complaint(id: UUID = CASE_ID) -> Complaint:
    """Who complained about it."""
    return Complaint(id, REPORTER.name, REPORTER.phone, REPORTER.address, "我是张建国，二楼饭店厕所漏水到门厅")


def progress(stage: Stage = Stage.DISPATCHED, id: UUID = CASE_ID, **fields: Any) -> Progress:
    """How far it has come."""
    return replace(Progress(id, stage, EARLIER, EARLIER, EARLIER), **fields)


def uploads(*digests: str, **fields: Any) -> tuple[Upload, ...]:
    """Files that were uploaded a moment ago: a photo, a clip."""
    kinds = {PHOTO: "image/jpeg", CLIP: "video/mp4"}
    senders = (CLERK.id, BOTH.id, "resident")
    return tuple(replace(Upload(digest, 1000, kinds[digest], NOON, senders), **fields) for digest in digests)


def settle(module: ModuleType, command: Any, *aggregates: Any, **more: Any) -> Outcome:
    """What the command decides in the small town."""
    return decide(module, command, *aggregates, references=TOWN, **more)


def only(outcome: Outcome, kind: type[Any]) -> Any:
    """The one aggregate of this kind that the outcome adds or changes."""
    (found,) = [one for one in (*outcome.new, *outcome.changed) if type(one) is kind]
    return found


def told(outcome: Outcome) -> list[str]:
    """The types of the events, in order."""
    return [event.type for event in outcome.events]
