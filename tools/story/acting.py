"""What the departments do: they are summoned, report in, enforce, feed back, and come back for the part that failed."""

import datetime

from tools.client import Json
from tools.story.stage import Stage, photo

SITE = {"longitude": 118.1026, "latitude": 32.2018, "address": "西湖春天商铺楼二层"}
LEAD, SUPPORTS = "zhujian", ("chengguan", "shichang")
MEASURES = {
    "chengguan": "清理入户大厅积水，设置防滑警示，责令店主停用二层卫生间",
    "shichang": "核查餐饮许可，责令店主限期修复漏点，停业整改二层",
    "zhujian": "查明漏点为二层卫生间防水层破损，督促店主更换管件",
}

Summons = dict[str, Json]  # by department: the assignment


def summoned(stage: Stage, case: Json) -> Summons:
    """One whistle has put a summons into three inboxes."""
    stage.scene("派单：一声哨，三个部门", "one whistle summons three departments")
    found = {}
    for department in (*SUPPORTS, LEAD):
        officer = stage.person(f"officer.{department}")

        def inbox(officer=officer) -> Json:  # type: ignore[no-untyped-def]  # binds this round's officer
            items = officer.get("/api/notice/summonses?limit=200")["items"]
            return next((one for one in items if one["case_id"] == case["id"]), None)

        summons = stage.until(f"{department} 收到召集", (("intake", "dispatch"), ("dispatch", "notice")), inbox)
        found[department] = officer.get(f"/api/dispatch/assignments/{summons['id']}")["assignment"]
        part = "主办 lead" if summons["part"] == "lead" else "协办 support"
        stage.tell(summons["department_name"], f"{part}，办结时限 {summons['limit_minutes'] // 1440} 天")
    stage.until(
        "派遣知道三份召集都已送达",
        (("notice", "dispatch"),),
        lambda: all(_assignment(stage, one)["delivered_at"] for one in found.values()),
    )
    return found


def report_in(stage: Stage, summons: Summons) -> None:
    """Each department reads, signs and comes to the site."""
    stage.scene("签收与报到", "sign and report in")
    for department, assignment in summons.items():
        officer, id = stage.person(f"officer.{department}"), assignment["id"]
        officer.post(f"/api/notice/summonses/{id}/readings")
        officer.post(f"/api/dispatch/assignments/{id}/signature")
        report = officer.post(f"/api/dispatch/assignments/{id}/report", SITE)["report"]
        officer.post(f"/api/dispatch/assignments/{id}/start")
        stage.tell(
            f"officer.{department}", f"已读、签收、报到（距现场 {report['distance_metres'] or 0:.0f} 米）、开始处置"
        )
    stage.refused(
        "officer.shichang",
        "替住建签收",
        lambda: stage.person("officer.shichang").post(f"/api/dispatch/assignments/{summons[LEAD]['id']}/signature"),
    )


def enforce(stage: Stage, summons: Summons) -> None:
    """Two certified officers of 市场监管 check, preserve evidence and order the repair."""
    stage.scene("现场执法", "enforcement on site")
    officer, assignment = stage.person("officer.shichang"), summons["shichang"]["id"]
    body = {"assignment_id": assignment, "officers": ["officer.shichang", "officer2.shichang"]}
    record = stage.until(
        "执法知道已报到，可以立卷",
        (("dispatch", "enforcement"),),
        lambda: officer.post("/api/enforcement/records", body),
    )
    visit = {"present": body["officers"], "spot": SITE, "findings": "二层卫生间地面渗水，漏至住宅楼入户大厅"}
    path = f"/api/enforcement/records/{record['id']}"
    officer.post(f"{path}/checks", {**visit, "violation": True, "certificates_shown": True})
    upload = officer.post("/api/enforcement/uploads?name=leak.jpg", data=photo("leak, second floor"))
    stage.tell("officer.shichang", f"现场检查；证据 {upload['content_type']}，收到时 SHA-256 {upload['sha256'][:12]}…")
    officer.post(
        f"{path}/evidence",
        {"upload_id": upload["id"], "description": "二层卫生间漏水点", "source": "officer"},
    )
    until = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)).date()
    officer.post(f"{path}/orders", {"party": "饭店店主", "text": "修复二层卫生间防水", "until": until.isoformat()})
    stage.tell("officer.shichang", f"两名持证执法人员责令改正，限 {until} 前")
    officer.post(f"{path}/rechecks", {**visit, "findings": "防水层已重做，闭水试验无渗漏", "rectified": True})
    officer.post(f"{path}/conclusion", {"reason": "已改正，复查合格"})
    stage.tell("officer.shichang", "复查已改正，案卷办结")


def feed_back(stage: Stage, summons: Summons) -> None:
    """Supports before the lead."""
    stage.scene("反馈：先协办，后主办", "supports feed back before the lead")
    stage.refused("officer.zhujian", "抢在协办之前反馈", lambda: _feed_back(stage, LEAD, summons))
    for department in (*SUPPORTS, LEAD):
        _feed_back(stage, department, summons)
        stage.tell(f"officer.{department}", f"反馈：{MEASURES[department]}")


def rework(stage: Stage, summons: Summons) -> None:
    """Only the department whose part failed comes back."""
    stage.scene("返工：只退回没做好的部门", "rework, only for the part that failed")
    lead = stage.until(
        "住建的任务重新打开，时限减半",
        (("closure", "dispatch"),),
        lambda: _in_state(_assignment(stage, summons[LEAD]), "rework"),
    )
    states = {one["department_name"]: _assignment(stage, one)["state"] for one in summons.values()}
    stage.tell("", "  ".join(f"{name} {state}" for name, state in states.items()))
    officer = stage.person("officer.zhujian")
    officer.post(f"/api/dispatch/assignments/{lead['id']}/start")
    officer.post(
        f"/api/dispatch/assignments/{lead['id']}/feedback", {"measures": "重做防水层并更换立管，闭水 24 小时无渗漏"}
    )
    stage.tell("officer.zhujian", "重新处置并反馈")


def _feed_back(stage: Stage, department: str, summons: Summons) -> Json:
    path = f"/api/dispatch/assignments/{summons[department]['id']}/feedback"
    return stage.person(f"officer.{department}").post(path, {"measures": MEASURES[department]})


def _assignment(stage: Stage, assignment: Json) -> Json:
    return stage.person("supervisor.sanhe").get(f"/api/dispatch/assignments/{assignment['id']}")["assignment"]


def _in_state(assignment: Json, state: str) -> Json:
    return assignment if assignment["state"] == state else None
