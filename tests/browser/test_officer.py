"""The officer on a phone: every step through the page, also without network, and no trace of who complained."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from shared.runtime.clock import now as present
from tests.browser.conftest import Town
from tests.browser.doing import placed, step
from tests.browser.walking import PHONE, barriers, overflows, walker
from tools.client import Api, Json, Refused
from tools.story import Stage, asking
from tools.story.stage import photo

pytestmark = pytest.mark.browser

OFFICER, COLLEAGUE, THIRD = "officer.shichang", "officer2.shichang", "officer3.shichang"  # all with certificates
DEPARTMENT = "shichang"
MEASURES = "核查餐饮许可，责令店主限期修复漏点"
REPORTER = ("何静兰", "100-0000-7788", "西湖春天3栋2单元501")
SECONDS = 1_000


def quiet(_line: str) -> None:
    """The story is not told."""


def summoned(town: Town, department: str = DEPARTMENT) -> Json:
    """A new whistle's assignment of this department, in its inbox and known to supervision."""
    stage = Stage(Api(town.url), say=quiet)
    case = asking.complaint(stage)
    asking.whistle(stage, case)
    officer, street = stage.person(f"officer.{department}"), stage.person("supervisor.sanhe")

    def assignment() -> Json:
        items = officer.get("/api/notice/summonses?state=unread&limit=200")["items"]
        mine = [one for one in items if one["case_id"] == case["id"]]
        parts = street.get(f"/api/supervision/cases/{case['id']}")["parts"] if mine else []
        delivered = [one for one in parts if mine and one["id"] == mine[0]["id"] and one["delivered_at"]]
        return officer.get(f"/api/dispatch/assignments/{mine[0]['id']}")["assignment"] if delivered else None

    found: Json = stage.until("the summons is there", (), assignment)
    return found


def now(town: Town, assignment: Json, login: str = OFFICER) -> Json:
    """How the assignment stands."""
    person = Stage(Api(town.url), say=quiet).person(login)
    return person.get(f"/api/dispatch/assignments/{assignment['id']}")["assignment"]


def kept(page: Page) -> None:
    """The phone has kept the pages, the names and what is shown: each takes a moment after the first visit."""
    expect(page.get_by_role("button", name=re.compile("签收|立卷")).first).to_be_visible()
    page.wait_for_function("""async () => {
        const keys = await (await caches.open('whistle.shell')).keys()
        const paths = keys.map((one) => new URL(one.url).pathname)
        const wanted = ['/assets/Queue', '/api/texts', '/api/directory/areas', '/api/directory/categories']
        return paths.includes('/') && wanted.every((part) => paths.some((one) => one.startsWith(part)))
    }""")


def test_an_officer_does_the_whole_assignment_on_a_phone(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open("/phone")
        new = page.get_by_role("region", name="新召集")
        new.locator(f"a[href='/phone/assignments/{assignment['id']}']").tap()
        expect(page.get_by_role("heading", name="商户漏水至公共部位")).to_be_visible()
        assert not overflows(page)
        step(page, "签收")
        expect(page.get_by_text("已办理。")).to_be_visible()
        step(page, "报到", placed)
        step(page, "开始处置")
        step(page, "阶段反馈", lambda page: page.get_by_label("内容").fill("已到店核查，店主配合"))
        step(page, "反馈", lambda page: page.get_by_label("采取的措施").fill(MEASURES))
        expect(page.get_by_text("已反馈，等核查。")).to_be_visible()
        assert not barriers(page), barriers(page)
    then = now(town, assignment)
    assert then["state"] == "fed_back"
    assert then["report"]["address"] == "西湖春天商铺楼二层"
    assert then["feedbacks"][0]["measures"] == MEASURES


def test_what_is_done_without_network_arrives_once_and_in_order(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        kept(page)
        page.context.set_offline(True)
        expect(page.get_by_text("现在没有网络")).to_be_visible()
        step(page, "签收")
        expect(page.get_by_text("已存在手机里")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="商户漏水至公共部位")).to_be_visible()
        expect(page.get_by_text("连不上服务器，下面是")).to_be_visible()
        step(page, "报到", placed)
        step(page, "开始处置")
        step(page, "反馈", lambda page: page.get_by_label("采取的措施").fill(MEASURES))
        page.get_by_role("banner").get_by_role("link", name="待发送 4").click()
        expect(page.get_by_role("listitem")).to_have_count(4)
        assert not barriers(page), barriers(page)
        assert now(town, assignment)["state"] == "to_sign"
        page.context.set_offline(False)
        expect(page.get_by_text("没有待发送的操作")).to_be_visible(timeout=30 * SECONDS)
    then = now(town, assignment)
    assert then["state"] == "fed_back"
    assert len(then["feedbacks"]) == 1
    times = [then["signature"]["at"], then["report"]["at"], then["feedbacks"][0]["at"]]
    assert times == sorted(times)
    stage = Stage(Api(town.url), say=quiet)
    history = f"/api/supervision/cases/{assignment['case_id']}/history?limit=200"

    def steps() -> list[str]:
        items = stage.person(OFFICER).get(history)["items"]
        mine = [one["type"] for one in items if one["data"].get("department") == DEPARTMENT]
        return mine if any("assignment.fed_back" in one for one in mine) else []

    found = stage.until("supervision knows all", (), steps)
    wanted = ["assignment.signed", "assignment.reported_in", "assignment.started", "assignment.fed_back"]
    assert [one.removesuffix(".v1") for one in found if "assignment." in one] == wanted


def test_a_conflict_is_shown_and_can_be_discarded(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        kept(page)
        page.context.set_offline(True)
        step(page, "提出异议", lambda page: page.get_by_label("法律依据").fill("权责清单第一条，不属本部门职责"))
        Stage(Api(town.url), say=quiet).person(OFFICER).post(f"/api/dispatch/assignments/{assignment['id']}/signature")
        page.context.set_offline(False)
        page.get_by_role("banner").get_by_role("link", name="待发送 1").click()
        expect(page.get_by_text("被退回，需要你处理")).to_be_visible(timeout=30 * SECONDS)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("法律依据")).to_have_value("权责清单第一条，不属本部门职责")
        page.get_by_role("button", name="再发一次").click()
        expect(page.get_by_text("被退回，需要你处理")).to_be_visible()
        page.get_by_role("button", name="放弃这一项").click()
        page.get_by_role("button", name="确认放弃").click()
        expect(page.get_by_text("没有待发送的操作")).to_be_visible()
        # What the browser says of a refusal that was meant, and of a network that was away.
        assert [one for one in officer.wrong if "409" not in one and "net::ERR_FAILED" not in one] == []
        officer.wrong.clear()
    assert now(town, assignment)["dispute"] is None


def test_the_accused_departments_officer_finds_no_trace_of_the_complainant(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    pages = {
        "/phone": "等我办的",
        f"/phone/assignments/{assignment['id']}": "其他部门",
        "/phone/records": "最近办结的",
        f"/phone/records/{town.record}": "执法人员",
    }
    heard: list[Response] = []
    shown, bodies = "", list[str]()
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        officer.page.on("response", lambda response: heard.append(response))  # read below: a listener may not wait
        for path, heading in pages.items():
            page = officer.open(path)
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            page.wait_for_load_state("load")
            shown += page.content() + page.locator("body").inner_text()
            bodies += filter(None, map(body_of, heard))
            heard.clear()
    assert len(bodies) > 5
    for id in (assignment["id"], town.record):
        assert any(f'"{id}"' in one for one in bodies)
    for trace in REPORTER:
        assert trace not in shown
        assert not [one for one in bodies if trace in one]


def body_of(response: Response) -> str:
    """An answer of a service in words; the stream of changes never ends, and names only ids."""
    if "/api/" not in response.url or "json" not in response.headers.get("content-type", ""):
        return ""
    with suppress(Error):  # of what was asked again by the next page the browser keeps nothing
        return str(response.text())
    return ""


def on_site(town: Town) -> Json:
    """An assignment whose department is on site and at work."""
    assignment = summoned(town)
    stage = Stage(Api(town.url), say=quiet)
    officer, path = stage.person(OFFICER), f"/api/dispatch/assignments/{assignment['id']}"
    officer.post(f"{path}/signature")
    officer.post(f"{path}/report", {"address": "西湖春天商铺楼二层"})
    officer.post(f"{path}/start")

    def known() -> bool:
        parts = officer.get(f"/api/supervision/cases/{assignment['case_id']}")["parts"]
        return any(one["id"] == assignment["id"] and one["state"] == "in_progress" for one in parts)

    stage.until("everybody knows that work has begun", (), known)
    return assignment


def checked(page: Page) -> None:
    """What was found, by both officers, with their certificates shown."""
    placed(page)
    page.get_by_label("检查情况").fill("二层卫生间地面渗水，漏至入户大厅")
    page.get_by_label("发现违法", exact=True).check()
    page.get_by_label("已出示执法证件").check()


def photographed(page: Page) -> None:
    """A photo of the leak."""
    leak = {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": photo("leak")}
    page.get_by_label("照片、视频或文书").set_input_files(leak)
    page.get_by_label("证明内容").fill("二层卫生间漏水点")


def signed(page: Page) -> None:
    """A line drawn in the frame."""
    frame = page.get_by_role("img", name="签名框")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=5)
    page.mouse.up()


def test_an_enforcement_record_gets_a_check_a_photo_and_a_signature(town: Town, browser: Browser) -> None:
    assignment = on_site(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        page.get_by_role("button", name="立卷").click()
        page.get_by_label("第二名执法人员").select_option(COLLEAGUE)
        page.get_by_role("button", name="确认立卷").click()
        expect(page.get_by_role("listitem").filter(has_text="夏一鸣 执法证号 CJ-ZF-0006")).to_be_visible()
        step(page, "现场检查", checked)
        step(page, "拍照取证", photographed)
        step(page, "执法人员签名", signed)
        expect(page.get_by_role("heading", name="证据（2）")).to_be_visible()
        assert not overflows(page)
        assert not barriers(page), barriers(page)
        record = page.url.rpartition("/")[2]
    person = Stage(Api(town.url), say=quiet).person(OFFICER)
    found = person.get(f"/api/enforcement/records/{record}")
    assert found["state"] == "violation_found"
    evidence = person.get(f"/api/enforcement/records/{record}/evidence")["items"]
    assert sorted(one["name"] for one in evidence) == ["leak.jpg", "signature.png"]


def recorded(town: Town, *others: str) -> Json:
    """An open record of the officer and these others."""
    stage = Stage(Api(town.url), say=quiet)
    body = {"assignment_id": on_site(town)["id"], "officers": [OFFICER, *others]}
    opened = stage.until(
        "enforcement knows that they are on site",
        (),
        lambda: stage.person(OFFICER).post("/api/enforcement/records", body),
    )
    return dict(opened)


def led(town: Town, record: Json, what: str) -> Json:
    """A photo that a resident gave, which the officer adds: a lead until somebody else has reviewed it."""
    officer = Stage(Api(town.url), say=quiet).person(OFFICER)
    upload = officer.post("/api/enforcement/uploads?name=leak.jpg", data=photo(record["id"][-12:]))
    said = {"upload_id": upload["id"], "description": what, "source": "resident"}
    return dict(officer.post(f"/api/enforcement/records/{record['id']}/evidence", said))


def test_a_record_is_opened_with_a_colleague_from_the_list_also_without_network(town: Town, browser: Browser) -> None:
    assignment = on_site(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        kept(page)
        page.get_by_role("button", name="立卷").click()
        expect(page.get_by_label("第二名执法人员").locator("option")).to_have_text(
            [f"夏一鸣 {COLLEAGUE}", f"唐晓月 {THIRD}"]
        )
        page.context.set_offline(True)
        page.reload()
        page.get_by_role("button", name="立卷").click()
        page.get_by_label("第二名执法人员").select_option(f"夏一鸣 {COLLEAGUE}")
        page.get_by_role("button", name="确认立卷").click()
        expect(page.get_by_text("已存在手机里")).to_be_visible()
        page.context.set_offline(False)
        page.get_by_role("link", name=re.compile("立卷$")).tap(timeout=30 * SECONDS)
        expect(page.get_by_role("listitem").filter(has_text="罗正平 执法证号 CJ-ZF-0005")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="夏一鸣 执法证号 CJ-ZF-0006")).to_be_visible()


def test_a_second_officer_reviews_what_the_first_one_added(town: Town, browser: Browser) -> None:
    record, what = recorded(town, COLLEAGUE), "居民拍的漏水点"
    evidence = led(town, record, what)
    with walker(browser, town.url, OFFICER, size=PHONE) as first:
        page = first.open(f"/phone/records/{record['id']}")
        expect(page.get_by_text("由你入卷，须由本部门另一名执法人员审核")).to_be_visible()
        expect(page.get_by_role("button", name="审核证据")).to_have_count(0)
    with walker(browser, town.url, COLLEAGUE, size=PHONE) as second:
        page = second.open("/phone")
        page.get_by_role("banner").get_by_role("link", name="案卷").tap()
        mine = page.get_by_role("region", name="有证据待你审核")
        mine.locator(f"a[href='/phone/records/{record['id']}']").tap()
        page.get_by_role("button", name=f"查看（记入保管链）：{what}").click()
        expect(page.get_by_role("img", name=what)).to_be_visible()
        page.get_by_role("button", name=f"审核证据：{what}").click()
        form = page.get_by_role("form", name="审核证据")
        form.get_by_label("审核意见").fill("与现场一致，来源已核实")
        assert not overflows(page)
        assert not barriers(page), barriers(page)
        form.get_by_role("button", name="确认审核为证据").click()
        expect(page.get_by_text("审核意见：与现场一致，来源已核实")).to_be_visible()
        page.get_by_role("button", name=f"保管链：{what}").click()
        chain = page.get_by_role("list", name=f"保管链：{what}").get_by_role("listitem")
        expect(chain).to_contain_text(["审核 夏一鸣", "调阅原件 夏一鸣", "入卷 罗正平", "接收 罗正平"])
        expect(chain.first).to_contain_text("证据 · 与现场一致，来源已核实")
        expect(page.get_by_text(f"SHA-256 {evidence['sha256']}")).to_be_visible()
        assert not overflows(page)
        assert not barriers(page), barriers(page)
    person = Stage(Api(town.url), say=quiet).person(COLLEAGUE)
    assert person.get(f"/api/enforcement/evidence/{evidence['id']}")["use"] == "evidence"
    rows = person.get(f"/api/enforcement/records?assignment_id={record['assignment_id']}")["items"]
    assert [one["to_review"] for one in rows] == [0]


def stepping_back(page: Page) -> None:
    """For a colleague, as two must remain."""
    assert not barriers(page), barriers(page)
    page.get_by_label("回避人员").select_option(THIRD)
    page.get_by_label("接替人员").select_option(COLLEAGUE)
    page.get_by_label("理由").fill("与店主有亲属关系")


def test_an_officer_who_stepped_back_cannot_go_on(town: Town, browser: Browser) -> None:
    record = recorded(town, THIRD)
    led(town, record, "居民拍的漏水点")
    with walker(browser, town.url, THIRD, size=PHONE) as third:
        page = third.open(f"/phone/records/{record['id']}")
        expect(page.get_by_role("button", name="现场检查")).to_be_visible()
        step(page, "回避", stepping_back)
        expect(page.get_by_text("你已回避，不能再办理这份案卷")).to_be_visible()
        expect(page.get_by_text("唐晓月于")).to_contain_text("与店主有亲属关系")
        expect(page.get_by_role("listitem").filter(has_text="夏一鸣 执法证号 CJ-ZF-0006")).to_be_visible()
        for deed in ("现场检查", "拍照取证", "审核证据", "回避"):
            expect(page.get_by_role("button", name=deed)).to_have_count(0)
        assert not barriers(page), barriers(page)
    person, path = Stage(Api(town.url), say=quiet).person(THIRD), f"/api/enforcement/records/{record['id']}"
    assert [one["id"] for one in person.get(path)["officers"]] == [OFFICER, COLLEAGUE]
    with pytest.raises(Refused, match="403"):
        person.post(f"{path}/transfer", {"to": "chengguan", "reason": "不归本部门"})


def test_a_department_without_records_is_told_how_one_begins(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, "officer.gongan", size=PHONE) as officer:
        page = officer.open("/phone/records")
        expect(page.get_by_text("本部门还没有执法案卷")).to_be_visible()
        expect(page.get_by_text("点“立卷”")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="等我办的").tap()
        expect(page.get_by_role("heading", name="等我办的")).to_be_visible()


def more_time(page: Page) -> None:
    """A day more."""
    page.get_by_label("延长小时数").fill("24")
    page.get_by_label("理由").fill("须等管件到货")


def test_an_officer_asks_for_more_time(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        step(page, "签收")
        step(page, "申请延期", more_time)
        expect(page.get_by_text("24 小时：须等管件到货")).to_contain_text("待审批")
        expect(page.get_by_role("button", name="申请延期")).to_have_count(0)
    [asked] = now(town, assignment)["extensions"]
    assert (asked["minutes"], asked["reason"], asked["granted"]) == (24 * 60, "须等管件到货", None)


def test_an_officer_answers_an_order(town: Town, browser: Browser) -> None:
    assignment = summoned(town)
    stage, said, reply = Stage(Api(town.url), say=quiet), "请说明何时到店核查", "今晚七点前到店，连同检测人员"
    street = stage.person("supervisor.sanhe")
    order = {"text": said, "reply_by": (present() + timedelta(days=1)).isoformat(), "assignment_id": assignment["id"]}
    street.post(f"/api/supervision/cases/{assignment['case_id']}/orders", order)
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open("/phone")
        waits = page.get_by_role("listitem").filter(has_text=said)
        expect(waits).to_contain_text("督办")
        waits.get_by_role("link", name="去回复").tap()
        page.get_by_label("督办回复").fill(reply)
        assert not barriers(page), barriers(page)
        page.get_by_role("button", name="确认督办回复").click()
        expect(page.get_by_text(reply)).to_be_visible()
        expect(page.get_by_role("button", name="确认督办回复")).to_have_count(0)
    [told] = street.get(f"/api/supervision/orders?case_id={assignment['case_id']}&kind=order")["items"]
    assert (told["state"], [one["text"] for one in told["answers"]]) == ("answered", [reply])
