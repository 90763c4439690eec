"""What people say in these tests: the smallest bodies that the API takes."""

from datetime import timedelta
from typing import Any

from shared.runtime.clock import now

REASON = {"reason": "经核实"}
SITE = {"longitude": 118.1026, "latitude": 32.2018, "address": "西湖春天商铺楼二层"}
TEAM = ("officer.shichang", "officer2.shichang", "new.officer.shichang")  # of 市场监管, all with certificates
VISIT = {"present": [*TEAM], "spot": SITE, "findings": "二层卫生间地面渗水"}
CHECK = {**VISIT, "violation": True, "certificates_shown": True}
RECHECK = {**VISIT, "rectified": True}
ORDER = {"party": "店主", "text": "修复防水层", "until": (now() + timedelta(days=3)).date().isoformat()}
TRANSFER = {"to": "chengguan", **REASON}
RECUSAL = {"officer": "officer2.shichang", **REASON}
REVIEW = {"use": "evidence", **REASON}
MEASURES = {"measures": "已修复，复查无渗漏"}
PROGRESS = {"text": "已到场，正在查找漏点"}
DISPUTE = {"legal_basis": "权责清单第三条"}
EXTENSION = {"minutes": 30, **REASON}
SCORE = {"score": 5}
VERDICT = {"resolved": True, "satisfaction": 5}
# To an address set aside for documents (RFC 5737), where nobody is.
ROBOT = {"name": "值班", "kind": "webhook", "address": "https://192.0.2.1/whistle"}
PREFERENCES = {"language": "en", "channels": [ROBOT], "chosen": {"breach.withdrawn": ["值班"]}}
OUTCOME = {"title": "电梯已修复", "text": "检验合格，恢复运行。"}


def report(**said: Any) -> dict[str, Any]:
    """A resident's report of a broken lift, which is an emergency (应急)."""
    return {"category": "E05-02", "place": SITE, "description": "电梯停运，老人下不了楼", **said}


def registration(**said: Any) -> dict[str, Any]:
    """The same as a clerk registers it."""
    reporter = {"name": "何静兰", "phone": "100-0000-7788", "address": "西湖春天3栋2单元501"}
    return report(**{"channel": "walk_in", "reporter": reporter, "tried": "社区已两次上门", **said})
