"""A day at the desk: cases are registered, reviewed, verified and closed in the page, by hand and by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Town
from tests.browser.preparing import CALLER, INSPECTOR, REVIEWER, handled, known, stands, verify
from tests.browser.walking import walker
from tools.client import Api
from tools.story import Stage, acting, asking
from tools.story.stage import photo

pytestmark = pytest.mark.browser

MOST_TABS = 40


@pytest.fixture
def stage(town: Town) -> Stage:
    """People who act through the API, for what a story needs before it begins."""
    return Stage(Api(town.url), say=lambda _line: None)


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    """A photo on the clerk's machine."""
    path = tmp_path / "site.jpg"
    path.write_bytes(photo("at the site"))
    return path


def _tab_to(page: Page, control: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(MOST_TABS):
        if control.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to {control} by Tab")


def test_a_clerk_registers_a_case_and_asks_for_a_whistle_by_keyboard_alone(
    town: Town, browser: Browser, stage: Stage, shot: Path
) -> None:
    with walker(browser, town.url, "clerk.honghu") as clerk:
        page = clerk.open("/cases")
        # From the beginning: whoever listens only when the key is pressed may listen too late.
        page.on("filechooser", lambda chooser: chooser.set_files(shot))
        page.keyboard.press("n")
        expect(page.get_by_role("combobox", name="事项")).to_be_focused()
        page.keyboard.type("leaking")
        expect(page.get_by_role("option").first).to_contain_text("商户漏水至公共部位")
        page.keyboard.press("Enter")
        _tab_to(page, page.get_by_label("地点", exact=False).first)
        page.keyboard.insert_text("西湖春天3栋2单元")  # as an input method does: in one piece
        expect(page.get_by_text(re.compile("✓ 在 .*弘湖社区"))).to_be_visible()
        _tab_to(page, page.get_by_label("情况描述"))
        page.keyboard.type("二层饭店漏水到入户大厅")
        _tab_to(page, page.get_by_label("社区已经做了什么"))
        page.keyboard.type("劝过店主两次")
        _tab_to(page, page.locator("input[type=file]"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("已上传")).to_be_visible()
        _tab_to(page, page.get_by_label("电话"))
        page.keyboard.type("100-0000-7788")
        page.keyboard.press("Control+Enter")

        expect(page.get_by_role("heading", name="已登记")).to_be_focused()
        code = page.locator("#tracking-code").inner_text()
        number = page.get_by_text(re.compile(r"^吹\d{8}-")).inner_text()
        assert stage.api.resident().post("/api/intake/followed", {"tracking_code": code})["number"] == number
        expect(page.get_by_text("将召集")).to_contain_text("区住建局")
        _tab_to(page, page.get_by_role("button", name="提请吹哨"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="已登记")).to_contain_text("待审核")
        assert (
            page.evaluate("Object.keys({...localStorage, ...sessionStorage}).filter(key => /register/.test(key))") == []
        )


def test_a_half_typed_address_is_not_asked_for_and_the_whole_one_is_once(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, "clerk.honghu") as clerk:
        page = clerk.open("/cases/new")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/directory/places" in request.url else None)
        place = page.get_by_label("地点", exact=False).first
        place.press_sequentially("西湖春天")
        expect(page.get_by_text("名录里没有这个地址")).to_be_visible()
        assert asked == []
        place.press_sequentially("３幢")  # as the directory writes it: 3栋
        expect(page.get_by_text(re.compile("✓ 在 .*弘湖社区"))).to_be_visible()
        assert len(asked) == 1


def test_what_was_typed_is_there_again_after_the_page_was_left_and_can_be_discarded(
    town: Town, browser: Browser
) -> None:
    with walker(browser, town.url, "clerk.honghu") as clerk:
        page = clerk.open("/cases/new")
        page.get_by_label("情况描述").fill("楼道灯不亮")
        page.get_by_label("电话").fill("100-0000-1234")
        kept = "JSON.stringify(localStorage)"
        page.wait_for_function(f"{kept}.includes('楼道灯不亮')")
        assert "100-0000-1234" not in page.evaluate(kept)
        clerk.open("/cases")
        page = clerk.open("/cases/new")
        expect(page.get_by_label("情况描述")).to_have_value("楼道灯不亮")
        page.get_by_role("button", name="丢弃草稿").click()
        expect(page.get_by_label("情况描述")).to_have_value("")


def test_the_reviewer_sees_who_will_be_summoned_before_the_whistle_and_who_was_after_it(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case = asking.complaint(stage)
    stage.person(asking.CLERK).post(f"/api/intake/cases/{case['id']}/submission")
    path = known(stage, case, "under_review")
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(path)
        forecast = page.get_by_text("将召集")
        for name in ("区住建局", "区城管局", "区市场监管局"):
            expect(forecast).to_contain_text(name)
        page.get_by_role("button", name="同意吹哨").click()
        stands(page, "已派单")
        expect(page.get_by_role("row", name=re.compile("区住建局 主办"))).to_be_visible()
    summons = stage.person(REVIEWER).get(f"/api/dispatch/cases/{case['id']}")["summons"]
    assert {one["department"] for one in summons} == {"zhujian", "chengguan", "shichang"}


def test_a_verification_fails_for_one_department_and_passes_after_its_rework(
    town: Town, browser: Browser, stage: Stage, shot: Path
) -> None:
    case, summons = handled(stage)
    path = known(stage, case, "to_verify")
    with walker(browser, town.url, INSPECTOR) as inspector:
        page = inspector.open(path)
        page.get_by_label("不通过").check()
        page.get_by_role("group", name="哪些单位没做好").get_by_label("区住建局").check()
        page.get_by_label("理由").fill("立管仍在滴水")
        page.get_by_role("button", name="核查 · 不通过").click()
        page.get_by_role("button", name="确认 · 核查 · 不通过").click()
        stands(page, "返工")
        acting.rework(stage, summons)
        stands(page, "待核查")
        page.get_by_label("通过", exact=True).check()
        page.get_by_label("结案条件已满足").check()
        page.locator("input[type=file]").set_input_files(shot)
        expect(page.get_by_text("已上传")).to_be_visible()
        page.get_by_role("button", name="核查 · 通过").click()
        stands(page, "待回访")
    found = stage.person(INSPECTOR).get(f"/api/closure/cases/{case['id']}")
    assert [one["passed"] for one in found["verifications"]] == [False, True]
    assert found["verifications"][0]["failed"] == [summons["zhujian"]["id"]]


def test_the_callback_clerk_sees_the_number_for_a_reason_and_closes_with_the_reporters_own_answer(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case, _ = handled(stage)
    verify(stage, case)
    path = known(stage, case, "call_back")
    with walker(browser, town.url, CALLER) as caller:
        page = caller.open(path)
        assert "7788" not in page.content()
        page.get_by_role("button", name="显示电话").click()
        expect(page.get_by_role("link", name="100-0000-7788")).to_be_visible()
        page.get_by_label("未联系上").check()
        page.get_by_label("备注").fill("无人接听")
        page.get_by_role("button", name="记下这次回访").click()
        expect(page.get_by_role("listitem").filter(has_text="无人接听")).to_be_visible()
        page.get_by_label("联系上了").check()
        page.get_by_role("group", name="满意度").get_by_label("4").check()
        page.get_by_role("button", name="记下这次回访").click()
        page.get_by_role("button", name="确认 · 记下这次回访").click()
        stands(page, "已办结")
    closings = stage.person(CALLER).get(f"/api/closure/cases/{case['id']}")["closings"]
    assert [(one["resolved"], one["satisfaction"]) for one in closings] == [(True, 4)]
    looks = stage.person("supervisor.sanhe").get(f"/api/intake/disclosures?case_id={case['id']}")["items"]
    assert [(one["person"], one["reason"]) for one in looks] == [(CALLER, "回访报事人")]


def test_of_two_clerks_on_one_case_neither_loses_what_they_typed_and_each_sees_what_the_other_did(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case = asking.complaint(stage)
    path = known(stage, case, "draft")
    with walker(browser, town.url, "clerk.honghu") as first, walker(browser, town.url, "clerk.sanhe") as second:
        pages = [first.open(path), second.open(path)]
        for page in pages:
            page.get_by_text("补正案情").click()
        mine, theirs = (page.get_by_role("group").filter(has_text="补正案情") for page in pages)
        mine.get_by_label("情况描述").fill("漏水更大了")
        theirs.get_by_label("社区已经做了什么").fill("又劝了一次")
        theirs.get_by_role("button", name="保存补正").click()
        expect(theirs.get_by_role("button", name="保存补正")).to_be_disabled()
        mine.get_by_role("button", name="保存补正").click()
        expect(mine.get_by_text("刚才有人把“社区已经做了什么”改成：又劝了一次")).to_be_visible()
        expect(mine.get_by_label("情况描述")).to_have_value("漏水更大了")
        mine.get_by_role("button", name="我看清了").click()
        mine.get_by_role("button", name="保存补正").click()
        expect(mine.get_by_role("button", name="保存补正")).to_be_disabled()
        ask = pages[1].get_by_role("button", name="提请吹哨")
        ask.click()
        expect(pages[1].get_by_text("刚才有人改过这件案")).to_be_visible()
        ask.click()
        stands(pages[0], "待审核")
        for one in (first, second):  # a refused write, which is what this is about, is an error to the browser
            assert all("409" in said for said in one.wrong), one.wrong
            one.wrong.clear()
    found = stage.person("clerk.honghu").get(f"/api/intake/cases/{case['id']}")
    assert (found["description"], found["case"]["tried"]) == ("漏水更大了", "又劝了一次")


def test_a_list_is_kept_under_a_name_walked_by_keyboard_and_saved_as_a_file(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case = asking.complaint(stage)
    known(stage, case, "draft")
    with walker(browser, town.url, "clerk.honghu") as clerk:
        page = clerk.open("/cases?state=draft")
        page.get_by_label("给这组筛选取个名").fill("我的草稿")
        page.keyboard.press("Enter")
        clerk.open("/cases")
        page.get_by_role("button", name="我的草稿", exact=True).click()
        expect(page).to_have_url(re.compile("state=draft"))
        row = page.get_by_role("row").filter(has_text=case["number"])
        expect(row).to_be_visible()
        with page.expect_download() as saved:
            page.get_by_role("button", name="导出 CSV").click()
        assert case["number"] in Path(saved.value.path()).read_text("utf-8-sig")
        row.get_by_role("checkbox").check()
        page.get_by_role("button", name="批量提请吹哨").click()
        page.get_by_role("button", name="确认 · 批量提请吹哨").click()
        expect(page.get_by_role("listitem").filter(has_text=case["number"])).to_contain_text("已提请")
        clerk.open("/cases")
        page.keyboard.press("j")
        expect(page.locator("a[data-row]").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/cases/[0-9a-f-]{36}$"))


def test_an_export_that_fails_says_so_and_is_tried_again(town: Town, browser: Browser) -> None:
    problem = {"type": "/problems/not-allowed", "title": "不能导出", "status": 403, "detail": "稍后再试"}
    with walker(browser, town.url, "clerk.honghu") as clerk:
        clerk.quiet_about(403)
        page = clerk.open("/cases")
        cases = "**/api/supervision/cases?*"
        page.route(cases, lambda route: route.fulfill(status=403, json=problem))
        page.get_by_role("button", name="导出 CSV").click()
        expect(page.get_by_role("alert").first).to_contain_text("稍后再试")
        page.unroute(cases)
        with page.expect_download():
            page.get_by_role("alert").first.get_by_role("button", name="重试").click()
        expect(page.get_by_role("button", name="导出 CSV")).to_be_enabled()


def test_the_dispatch_form_names_departments_and_limits_and_nobody_who_complained(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, "dispatcher.chunjiang") as dispatcher:
        page = dispatcher.open(f"/cases/{town.story}/form")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name=re.compile("区住建局 主办"))).to_be_visible()
        expect(page.get_by_role("img", name="本案在控制台的地址")).to_be_visible()
        expect(page.get_by_role("button", name="打印")).to_be_hidden()
        assert not re.search("何静兰|7788|3栋2单元501", page.content())
