"""How it ends: a verification that fails, one that passes, the resident's own verdict, and what comes after."""

from tools.client import Json
from tools.story.acting import LEAD, Summons
from tools.story.stage import Stage, photo

INSPECTOR = "grid.honghu.g03"


def fail(stage: Stage, case: Json, summons: Summons) -> None:
    """The grid worker finds it still leaking."""
    stage.scene("核查：第一次不通过", "the first verification fails")
    _handed_over(stage, case, 1)
    stage.refused(
        "officer.zhujian",
        "自己核查自己",
        lambda: stage.person("officer.zhujian").post(
            f"/api/closure/cases/{case['id']}/passed-verifications", {"photos": [case["id"]], "condition_met": True}
        ),
    )
    shot = _photo(stage, "still dripping")
    stage.person(INSPECTOR).post(
        f"/api/closure/cases/{case['id']}/failed-verifications",
        {"failed": [summons[LEAD]["id"]], "reason": "立管仍在滴水，住建部分未修好", "photos": [shot]},
    )
    stage.tell(INSPECTOR, "不通过：立管仍在滴水；只退回住建，城管、市场监管的部分保留")


def verify(stage: Stage, case: Json) -> None:
    """The second verification passes."""
    stage.scene("核查：第二次通过", "the second verification passes")
    _handed_over(stage, case, 2)
    stage.person(INSPECTOR).post(
        f"/api/closure/cases/{case['id']}/passed-verifications",
        {"photos": [_photo(stage, "dry")], "condition_met": True, "remark": "大厅已干燥，复查无渗漏"},
    )
    stage.tell(INSPECTOR, "通过：漏点修复，大厅已干")


def close(stage: Stage, case: Json, summons: Summons) -> None:
    """Only who complained can close it; then both sides evaluate, and the outcome is published without names."""
    stage.scene("居民说了算", "the resident has the last word")
    for department, assignment in summons.items():
        stage.person("supervisor.sanhe").post(f"/api/dispatch/assignments/{assignment['id']}/release")
        stage.tell("supervisor.sanhe", f"准予 {department} 撤离（事不绝、人不撤）")
    verdict = {"tracking_code": case["tracking_code"], "resolved": True, "satisfaction": 5, "remark": "不漏了，谢谢"}
    stage.api.resident().post("/api/closure/verdicts", verdict)
    stage.tell("居民 resident", "凭查询码评价：已解决，满意度 5 → 办结")
    stage.until(
        "受理和派遣都知道已办结",
        (("closure", "intake"), ("closure", "dispatch")),
        lambda: _progress(stage, case) and _accepted(stage, summons),
    )
    scores = [{"department": department, "score": 5, "remark": "配合到位"} for department in summons]
    stage.person("supervisor.sanhe").post(f"/api/closure/cases/{case['id']}/department-evaluations", {"scores": scores})
    for department in summons:
        stage.person(f"officer.{department}").post(
            f"/api/closure/cases/{case['id']}/street-evaluations", {"score": 5, "remark": "派单准确"}
        )
    stage.tell("", "双向评价完成 → 归档")
    outcome = {"title": "西湖春天商铺漏水已修复", "text": "三部门联合处置，漏点已修复，复查无渗漏。"}
    notice = stage.person("callback.sanhe").post(f"/api/closure/cases/{case['id']}/outcomes", outcome)
    stage.tell("callback.sanhe", f"公示：{notice['title']}")


def _handed_over(stage: Stage, case: Json, round: int) -> None:
    """Wait until closure has the case in this round."""

    def look() -> Json:
        found = stage.person(INSPECTOR).get(f"/api/closure/cases/{case['id']}")
        return found["state"] == "to_verify" and found["round"] == round

    stage.until(f"全部反馈，第 {round} 次待核查", (("dispatch", "closure"),), look)


def _photo(stage: Stage, caption: str) -> str:
    sent: Json = stage.person(INSPECTOR).post("/api/closure/photos?name=site.jpg", data=photo(caption))
    return str(sent["id"])


def _progress(stage: Stage, case: Json) -> bool:
    followed = stage.api.resident().post("/api/intake/followed", {"tracking_code": case["tracking_code"]})
    return bool(followed["status"] in ("closed", "archived"))


def _accepted(stage: Stage, summons: Summons) -> bool:
    supervisor = stage.person("supervisor.sanhe")
    found = [supervisor.get(f"/api/dispatch/assignments/{one['id']}")["assignment"] for one in summons.values()]
    return all(one["state"] == "accepted" for one in found)
