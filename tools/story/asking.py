"""How it begins: a resident complains, the community tries, asks for a whistle, and the street blows it."""

from tools.client import Json
from tools.story.acting import SITE
from tools.story.stage import Stage, photo

CLERK, REVIEWER = "clerk.honghu", "reviewer.sanhe"
LEAKING = "E06-01"  # 商户漏水至公共部位


def complaint(stage: Stage) -> Json:
    """A resident's complaint becomes a case."""
    stage.scene("诉求：饭店卫生间漏水到入户大厅", "a complaint")
    clerk = stage.person(CLERK)
    shot = clerk.post("/api/intake/attachments", data=photo("leak in the hall"))
    body = {
        "channel": "walk_in",
        "category": LEAKING,
        "place": SITE,
        "description": "西湖春天商铺楼一家饭店二层卫生间漏水，漏到住宅楼入户大厅，老人进出滑倒过",
        "reporter": {"name": "何静兰", "phone": "100-0000-7788", "address": "西湖春天3栋2单元501"},
        "tried": "社区现场核查，要求店主维修两次，店主不愿出钱",
        "attachments": [shot["sha256"]],
    }
    case: Json = clerk.post("/api/intake/cases", body)
    stage.tell(CLERK, f"登记 {case['number']}，查询码交给居民：{case['tracking_code'][:4]}…")
    return case


def whistle(stage: Stage, case: Json) -> None:
    """Submitted, reviewed by somebody else, blown, and confirmed by dispatch."""
    stage.scene("吹哨", "the whistle")
    path = f"/api/intake/cases/{case['id']}"
    stage.person(CLERK).post(f"{path}/submission")
    stage.tell(CLERK, "社区办不了 → 提请吹哨")
    stage.refused(CLERK, "自己批自己的哨", lambda: stage.person(CLERK).post(f"{path}/whistle"))
    stage.person(REVIEWER).post(f"{path}/whistle")
    stage.tell(REVIEWER, "审核通过 → 吹哨")
    stage.until(
        "受理知道部门已点名（哨声已确认）",
        (("intake", "dispatch"), ("dispatch", "intake")),
        lambda: (stage.person(CLERK).get(path)["progress"] or {}).get("confirmed_at"),
    )
