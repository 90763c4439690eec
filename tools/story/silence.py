"""A department that never signs: silence counts as signing, and its head, the street and the district are told in turn.

It plays in the example town's demonstration cell, whose signing limit is three seconds (`policies.csv`).
"""

from datetime import datetime

from tools.client import Json
from tools.story.stage import Stage, StoryFailed, photo

DARK = "P01-02"  # 路灯不亮
CORNER = {"longitude": 118.10941, "latitude": 32.20189, "address": "育才小区7栋门口"}
LEAD = "chengguan"
LEVELS = {
    "department_head": ("officer2.chengguan", "clock.escalated"),
    "street": ("supervisor.sanhe", "clock.escalated"),
    "district": ("supervisor.chunjiang", "clock.escalated"),
}


def silence(stage: Stage) -> Json:
    """Nobody of the lead signs; the case as supervision shows it at the end."""
    stage.scene("沉默的部门：不签收也算签收，逐级上报", "a department that never signs")
    case = unlit(stage)
    path = f"/api/supervision/cases/{case['id']}"
    street = stage.person("supervisor.sanhe")
    hops = (("dispatch", "supervision"),)
    clock = stage.until("督办开始给城管的签收计时", hops, lambda: _signing(street.get(path)))
    stage.tell("", f"签收时限 3 秒（演示单元格），到期 {_time(clock['due_at'])}")
    stage.until(
        "超过时限无人签收，视同签收",
        (("supervision", "dispatch"), ("dispatch", "supervision")),
        lambda: any(one["deemed"] for one in street.get(path)["parts"] if one["department"] == LEAD),
    )
    for level, (login, template) in LEVELS.items():
        person = stage.person(login)

        def told(person=person, template=template, level=level) -> list[Json]:  # type: ignore[no-untyped-def]  # binds this round's level
            items = person.get("/api/notice/notifications?limit=200")["items"]
            return [one for one in items if _tells(one, case, template, level)]

        found = stage.until(f"{login} 收到上报（{level}）", (("supervision", "notice"),), told)
        stage.tell(login, found[0]["texts"]["zh"]["title"])
    return _in_order(stage, street.get(path), case)


def unlit(stage: Stage) -> Json:
    """A whistle for a lamp that does not shine, in the demonstration cell."""
    clerk = stage.person("clerk.liuxi")
    shot = clerk.post("/api/intake/attachments", data=photo("no light"))
    body = {
        "channel": "walk_in",
        "category": DARK,
        "place": CORNER,
        "description": "育才小区7栋门口路灯三天不亮",
        "tried": "社区电工查过，不是小区线路",
        "attachments": [shot["sha256"]],
    }
    case: Json = clerk.post("/api/intake/cases", body)
    clerk.post(f"/api/intake/cases/{case['id']}/submission")
    stage.person("reviewer.sanhe").post(f"/api/intake/cases/{case['id']}/whistle")
    stage.tell("reviewer.sanhe", f"{case['number']} 路灯不亮 → 吹哨：主办城管，协办供电，都不签收")
    return case


def _signing(case: Json) -> Json:
    clocks = [one for one in case["clocks"] if (one["name"], one["department"]) == ("sign", LEAD)]
    return clocks[0] if clocks else None


def _tells(notification: Json, case: Json, template: str, level: str) -> bool:
    facts = notification["facts"]
    return (notification["case_id"], notification["template"], facts.get("clock"), facts.get("level")) == (
        *(case["id"], template, "sign", level),
    )


def _in_order(stage: Stage, shown: Json, case: Json) -> Json:
    """The steps were told once each, in their order, and none before its time."""
    steps = [one for one in _signing(shown)["steps"] if one["fired_at"]]
    names = [one["name"] for one in steps]
    if names != ["warning", "warning", "overdue", *LEVELS]:
        raise StoryFailed(f"{case['number']}: told {names}")
    times = [datetime.fromisoformat(one["fired_at"]) for one in steps]
    if times != sorted(times):
        raise StoryFailed(f"{case['number']}: not in order {times}")
    stage.tell(
        "", "依次告知：" + " → ".join(f"{name} {_time(at.isoformat())}" for name, at in zip(names, times, strict=True))
    )
    return shown


def _time(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%H:%M:%S")
