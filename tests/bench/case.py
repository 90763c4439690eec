"""What is done to a case in its life and by whom, whichever way it comes: over HTTP or by queue."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tools.client import Json
from tools.story.acting import SITE
from tools.story.asking import CLERK, LEAKING, REVIEWER
from tools.story.closing import INSPECTOR
from tools.story.stage import photo

SUPERVISOR, CALLER = "supervisor.sanhe", "callback.sanhe"
SUPPORTS_FIRST = ("chengguan", "shichang", "zhujian")


def officer(department: str) -> str:
    """Who acts for it."""
    return f"officer.{department}"


PEOPLE = (CLERK, REVIEWER, INSPECTOR, CALLER, SUPERVISOR, *map(officer, SUPPORTS_FIRST))

REPORT: dict[str, Any] = {
    "channel": "walk_in",
    "category": LEAKING,
    "place": SITE,
    "description": "饭店二层卫生间漏水到入户大厅",
    "reporter": {"name": "何静兰", "phone": "100-0000-7788", "address": "西湖春天3栋2单元501"},
    "tried": "要求店主维修两次",
}
PHOTO = "site.jpg"
VERIFICATION: dict[str, Any] = {"condition_met": True, "remark": "大厅已干燥，复查无渗漏"}
ANSWER: dict[str, Any] = {"resolved": True, "satisfaction": 5}
ANSWERED = "不漏了，谢谢"
FOR_DEPARTMENT: dict[str, Any] = {"score": 5, "remark": "配合到位"}
FOR_STREET: dict[str, Any] = {"score": 5, "remark": "派单准确"}


@dataclass
class Life:
    """A case on its way; `assignments` by department; `shot` will show that it is solved."""

    case: Json = None
    assignments: dict[str, str] = field(default_factory=dict)
    shot: bytes = field(default_factory=lambda: photo(str(uuid4())))
