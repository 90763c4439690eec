"""The officer on a phone: every step through the page, also without network, and no trace of who complained."""

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Response, expect

from tests.browser.conftest import Town
from tests.browser.doing import placed, step
from tests.browser.walking import PHONE, barriers, overflows, walker
from tools.client import Api, Json
from tools.story import Stage, asking
from tools.story.stage import photo

pytestmark = pytest.mark.browser

OFFICER, DEPARTMENT = "officer.shichang", "shichang"
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
    """The phone has kept the pages and the names: both take a moment after the first visit."""
    page.wait_for_function("""async () => {
        const keys = await (await caches.open('whistle.shell')).keys()
        return ['/assets/Queue', '/api/texts', '/api/directory/areas', '/api/directory/categories'].every(
            (part) => keys.some((one) => one.url.includes(part)))
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
    heard: list[Response] = []
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        officer.page.on("response", lambda response: heard.append(response))  # read below: a listener may not wait
        officer.open("/phone")
        page = officer.open(f"/phone/assignments/{assignment['id']}")
        expect(page.get_by_role("heading", name="其他部门")).to_be_visible()
        page.wait_for_load_state("load")
        shown = page.content() + page.locator("body").inner_text()
        bodies = [*filter(None, map(body_of, heard))]
    assert len(bodies) > 5
    assert any(assignment["id"] in one for one in bodies)
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
        page.get_by_label("第二名执法人员").fill("officer2.shichang")
        page.get_by_role("button", name="确认立卷").click()
        expect(page.get_by_text("执法证号 CJ-ZF-0005")).to_be_visible()
        expect(page.get_by_text("执法证号 CJ-ZF-0006")).to_be_visible()
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
