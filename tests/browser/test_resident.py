"""Residents without an account, on their phones: they report, follow, have the last word, and read what was solved."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Town
from tests.browser.doing import TRIED, report, say_whether_solved
from tests.browser.walking import PHONE, barriers, overflows, walker
from tools.client import Api, Json
from tools.story import Stage, acting, asking, closing
from tools.story.stage import PASSWORD, photo

pytestmark = pytest.mark.browser


def test_a_resident_reports_follows_says_no_and_at_last_yes(town: Town, browser: Browser, tmp_path: Path) -> None:
    with walker(browser, town.url, size=PHONE) as resident:
        resident.quiet_about(422)  # an appeal without a reason
        page = resident.open("/report")
        number, code = report(page, tmp_path)
        page.get_by_role("link", name="看进度").click()
        expect(page.get_by_role("heading", name=f"案件号 {number}")).to_be_visible()
        expect(page.get_by_text("已受理，社区正在核实")).to_be_visible()
        _nowhere_in_the_address(page, code)

        stage = Stage(Api(town.url), say=lambda _line: None)
        case = _whistled(stage, number)
        summons = acting.summoned(stage, case)
        page.get_by_role("button", name="再看一次").click()
        expect(page.get_by_text("责任部门已接到通知")).to_be_visible()
        expect(page.get_by_text(re.compile("被召集的部门：.*住"))).to_be_visible()

        acting.report_in(stage, summons)
        acting.feed_back(stage, summons)
        _verified(stage, case, 1)
        page.get_by_role("button", name="再看一次").click()
        expect(page.get_by_role("heading", name="问题解决了吗？")).to_be_visible()
        expect(page.get_by_text(acting.MEASURES["zhujian"])).to_be_visible()
        assert not barriers(page), barriers(page)
        say_whether_solved(page, "没有解决", "重新处置")

        acting.rework(stage, summons)
        _verified(stage, case, 2)
        page.get_by_role("button", name="再看一次").click()
        page.get_by_label("很满意", exact=True).check()
        page.get_by_label("想说的话").fill("这回不漏了")
        say_whether_solved(page, "解决了", "已办结")
        expect(page.get_by_text("办结了，但我有异议")).to_be_visible()
        _nowhere_in_the_address(page, code)
        closed = stage.person("supervisor.sanhe").get(f"/api/closure/cases/{case['id']}")
        assert closed["state"] == "closed"
        assert closed["closings"][-1]["satisfaction"] == 5

        page.get_by_text("办结了，但我有异议").click()
        page.get_by_role("button", name="提交申诉").click()
        page.get_by_role("button", name="确定").click()
        expect(page.locator(".wrong")).to_be_visible()  # without a reason
        page.get_by_label("哪里没有解决？").fill("昨晚又漏了")
        page.get_by_role("button", name="提交申诉").click()
        page.get_by_role("button", name="确定").click()
        expect(page.get_by_text("您的话已经记下，谢谢。")).to_be_visible()
        expect(page.locator(".said")).to_have_text("重新处置")


def test_what_a_report_lacks_is_said_beside_its_field_and_nothing_typed_is_lost(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, size=PHONE) as resident:
        resident.quiet_about(422)
        page = resident.open("/report")
        page.get_by_role("button", name="提交").click()
        for field in ("出了什么事？", "说说情况", "在哪里？"):
            beside = page.locator("fieldset, label.field").filter(has_text=field).locator(".wrong").first
            expect(beside).to_be_visible()
        page.get_by_label("搜一搜").fill("漏水")
        page.get_by_role("button", name="商户漏水至公共部位").click()
        page.get_by_label("说说情况").fill("饭店漏水到大厅")
        page.get_by_role("button", name="用我现在的位置").click()  # far from the town
        page.get_by_role("button", name="提交").click()
        expect(page.locator("label.field").filter(has_text="在哪里？").locator(".wrong")).to_be_visible()
        page.reload()
        expect(page.get_by_text("上次没写完的内容还在。")).to_be_visible()
        expect(page.get_by_label("说说情况")).to_have_value("饭店漏水到大厅")
        expect(page.get_by_text("商户漏水至公共部位")).to_be_visible()
        page.get_by_role("button", name="重新写").click()
        expect(page.get_by_label("说说情况")).to_have_value("")


def test_a_resident_without_an_address_shows_the_place_on_a_map_of_the_communities(
    town: Town, browser: Browser
) -> None:
    with walker(browser, town.url, size=PHONE) as resident:
        page = resident.open("/report")
        page.get_by_label("搜一搜").fill("漏水")
        page.get_by_role("button", name="商户漏水至公共部位").click()
        page.get_by_label("说说情况").fill("路边店铺的水流到人行道")
        page.get_by_role("button", name="在地图上点").click()
        name = page.get_by_role("application", name="社区地图").get_by_role("img", name="柳溪社区")
        name.scroll_into_view_if_needed()
        box = name.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.get_by_text("已在地图上选定位置")).to_be_visible()
        assert not overflows(page)
        assert not barriers(page), barriers(page)
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".code")).to_be_visible()
        number = re.search(r"吹\d+-\w+", page.get_by_role("main").inner_text())
        assert number
    clerk = Api(town.url).person("clerk.liuxi", PASSWORD)
    [case] = clerk.get(f"/api/intake/cases?number={number[0]}")["items"]
    assert case["place"]["area"].startswith("cj.sanhe.liuxi.")


def test_a_wrong_code_is_explained(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, size=PHONE) as resident:
        resident.quiet_about(422, 404)
        page = resident.open("/follow")
        code = page.get_by_label("查询码")
        code.fill("7K3M")
        page.get_by_role("button", name="查进度").click()
        expect(page.locator(".wrong")).to_be_visible()
        code.fill("0000 0000 0000 0000 0000 0000")
        page.keyboard.press("Enter")
        expect(page.get_by_text("没有这个查询码")).to_be_visible()
        expect(code).to_have_value("0000 0000 0000 0000 0000 0000")


def test_everybody_reads_what_was_solved(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, size=PHONE) as resident:
        page = resident.open("/report")
        page.get_by_role("link", name="结果公示").click()
        notice = page.get_by_role("article").filter(has_text="西湖春天商铺漏水已修复")
        expect(notice).to_contain_text("弘湖社区")
        expect(notice).to_contain_text("商户漏水至公共部位")


def _whistled(stage: Stage, number: str) -> Json:
    """The community and the street do their part; the case."""
    clerk = stage.person(asking.CLERK)
    [case] = clerk.get(f"/api/intake/cases?number={number}")["items"]
    path = f"/api/intake/cases/{case['id']}"
    status, _ = stage.api.ask(
        "PATCH", path, {"tried": TRIED}, token=clerk.token, key=case["id"], version=case["version"]
    )
    assert status == 200
    asking.whistle(stage, case)
    return case


def _verified(stage: Stage, case: Json, round: int) -> None:
    """Somebody who did not handle it finds it solved, in this round."""
    inspector, path = stage.person(closing.INSPECTOR), f"/api/closure/cases/{case['id']}"

    def handed_over() -> bool:
        found = inspector.get(path)
        return bool(found["state"] == "to_verify" and found["round"] == round)

    stage.until("待核查", (("dispatch", "closure"),), handed_over)
    shot = inspector.post("/api/closure/photos?name=dry.jpg", data=photo(f"dry, round {round}"))["id"]
    inspector.post(f"{path}/passed-verifications", {"photos": [shot], "condition_met": True})


def _nowhere_in_the_address(page: Page, code: str) -> None:
    """The tracking code is in no address, and in nothing that the browser keeps."""
    assert code not in page.url
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    assert code not in kept
