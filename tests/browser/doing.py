"""What people do in the pages in more than one story."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.walking import barriers, overflows
from tools.story.stage import photo

TRIED = "社区上门看过，要求店主维修，店主不愿出钱"
PLACE = "西湖春天3栋2单元"


def report(page: Page, directory: Path) -> tuple[str, str]:
    """A resident fills in the form, with a photo; the case's number and the tracking code as the page shows them."""
    picture = directory / "leak.jpg"
    picture.write_bytes(photo("resident's own photo"))
    page.get_by_label("搜一搜").fill("漏水")
    page.get_by_role("button", name="商户漏水至公共部位").click()
    page.get_by_label("说说情况").fill("二楼饭店卫生间漏水到入户大厅，老人滑倒过")
    page.get_by_label("在哪里？").fill(PLACE)
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text("已上传")).to_be_visible()
    page.get_by_label("怎么称呼您").fill("何静兰")
    page.get_by_label("电话", exact=True).fill("100-0000-7788")
    page.get_by_role("button", name="提交").click()
    shown = page.locator(".code")
    expect(shown).to_be_visible()
    expect(page.get_by_role("img", name="查询码的二维码")).to_be_visible()
    assert not overflows(page)
    assert not barriers(page), barriers(page)
    number = re.search(r"吹\d+-\w+", page.get_by_role("main").inner_text())
    assert number
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片").click()
    assert saved.value.suggested_filename == f"{number[0]}.png"
    return number[0], shown.inner_text().replace(" ", "")


def say_whether_solved(page: Page, said: str, then: str) -> None:
    """The resident answers, thinks again, and says so."""
    page.get_by_label(said, exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("button", name="确定")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="提交评价").click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("您的话已经记下，谢谢。")).to_be_visible()
    expect(page.locator(".said")).to_have_text(then)


def step(page: Page, name: str, write: Callable[[Page], Any] = lambda _page: None) -> None:
    """An officer takes a step as the page offers it: the button, what it asks for, and the confirmation."""
    page.get_by_role("button", name=name, exact=True).click()
    form = page.get_by_role("form", name=name)
    form.wait_for()
    write(page)
    form.get_by_role("button", name=f"确认{name}").click()
    try:
        form.wait_for(state="detached")
    except NotInTime:
        raise AssertionError(f"{name} was not taken: {form.inner_text()}") from None


def placed(page: Page) -> None:
    """The officer's phone knows where it is."""
    expect(page.get_by_text("已取得位置")).to_be_visible()
    page.get_by_label("地点说明").fill("西湖春天商铺楼二层")
