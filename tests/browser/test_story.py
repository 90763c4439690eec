"""The story of the leaking restaurant in the console: everybody at a page of their own, and nobody reloads it."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Town
from tests.browser.doing import TRIED, placed, report, say_whether_solved, step
from tests.browser.preparing import stands
from tests.browser.walking import DESK, PHONE, walker
from tools.story.acting import LEAD, MEASURES, SUPPORTS
from tools.story.stage import photo

pytestmark = pytest.mark.browser

SOON = 30_000  # milliseconds, within which what is told arrives on a loaded machine
DEPARTMENTS = (*SUPPORTS, LEAD)
REWORKED = "重做防水层并更换立管，闭水 24 小时无渗漏"


def test_the_leaking_restaurant_is_reported_whistled_handled_sent_back_solved_and_closed_by_its_people(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    """A resident, a clerk, the street's reviewer and supervisor, and an officer of each department."""
    with ExitStack() as everybody:

        def at(path: str, login: str = "", size: dict[str, int] = DESK) -> Page:
            return everybody.enter_context(walker(browser, town.url, login, size=size)).open(path)

        resident = at("/report", size=PHONE)
        clerk, reviewer, street = (
            at("/cases", "clerk.honghu"),
            at("/cases", "reviewer.sanhe"),
            at("/wall", "supervisor.sanhe"),
        )
        officers = {one: at("/phone", f"officer.{one}", PHONE) for one in DEPARTMENTS}

        number, _ = report(resident, tmp_path)
        resident.get_by_role("link", name="看进度").click()

        _open(clerk, number)
        _complete(clerk)
        clerk.get_by_role("button", name="提请吹哨").click()
        stands(clerk, "待审核")

        _open(reviewer, number)
        for name in ("区住建局", "区城管局", "区市场监管局"):
            expect(reviewer.get_by_text("将召集")).to_contain_text(name)
        reviewer.get_by_role("button", name="同意吹哨").click()
        stands(clerk, "已派单")

        for page in officers.values():
            page.get_by_role("region", name="新召集").get_by_role("link").filter(has_text=number).tap(timeout=SOON)
            step(page, "签收")
            step(page, "报到", placed)
            step(page, "开始处置")
        stands(clerk, "处置中")
        grids = street.get_by_role("region", name="有未结案件的网格")
        grids.get_by_role("button", name=re.compile("弘湖社区")).first.press("Enter")
        street.get_by_role("link", name=number).click(timeout=SOON)
        expect(street.get_by_role("row", name=re.compile("区住建局 主办 处置中"))).to_be_visible()

        for one in DEPARTMENTS:  # supports before the lead
            step(officers[one], "反馈", _measures(MEASURES[one]))
        stands(street, "待核查")
        _verify_failed(street, "区住建局", "立管仍在滴水")
        stands(clerk, "返工")

        lead = officers[LEAD]
        step(lead, "开始处置")
        step(lead, "反馈", _measures(REWORKED))
        stands(clerk, "待核查")
        _verify_passed(clerk, tmp_path)
        stands(street, "待回访")

        resident.get_by_role("button", name="再看一次").click()
        expect(resident.get_by_text(REWORKED)).to_be_visible()
        resident.get_by_label("很满意", exact=True).check()
        say_whether_solved(resident, "解决了", "已办结")
        for page in (clerk, street):
            stands(page, "已办结")
        told = street.get_by_role("listitem")
        for said in ("已登记", "提请吹哨", "已派单", "已签收", "已报到", "已反馈", "返工", "已办结"):
            expect(told.filter(has_text=said).first).to_be_visible(timeout=SOON)
        for page in officers.values():
            page.get_by_role("link", name="← 等我办的").click()
            expect(page.get_by_role("link").filter(has_text=number)).to_have_count(0, timeout=SOON)


def _open(page: Page, number: str) -> None:
    """The list shows it by itself."""
    page.get_by_role("link", name=number).click(timeout=SOON)
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def _complete(page: Page) -> None:
    """What the community has tried."""
    page.get_by_text("补正案情").click()
    form = page.get_by_role("group").filter(has_text="补正案情")
    form.get_by_label("社区已经做了什么").fill(TRIED)
    form.get_by_role("button", name="保存补正").click()
    expect(form.get_by_role("button", name="保存补正")).to_be_disabled()


def _measures(words: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_label("采取的措施").fill(words)


def _verify_failed(page: Page, department: str, reason: str) -> None:
    """Somebody who was there says which department has to come again."""
    page.get_by_label("不通过").check()
    page.get_by_role("group", name="哪些单位没做好").get_by_label(department).check()
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="核查 · 不通过").click()
    page.get_by_role("button", name="确认 · 核查 · 不通过").click()


def _verify_passed(page: Page, directory: Path) -> None:
    """With a photo, and what closing the case asks for."""
    shot = directory / "dry.jpg"
    shot.write_bytes(photo("dry"))
    page.get_by_label("通过", exact=True).check()
    page.get_by_label("结案条件已满足").check()
    page.locator("input[type=file]").set_input_files(shot)
    expect(page.get_by_text("已上传")).to_be_visible()
    page.get_by_role("button", name="核查 · 通过").click()
