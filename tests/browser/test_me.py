"""What is one's own: an officer reads a notice on the phone, chooses a channel, does not change a password blindly."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Town
from tests.browser.walking import PHONE, walker
from tools.client import Api
from tools.story.stage import PASSWORD

pytestmark = pytest.mark.browser

OFFICER = "officer.zhujian"


def test_a_notice_is_opened_and_read(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        page = officer.open("/me")
        unread = page.get_by_role("region", name="通知").get_by_role("button").filter(has_text="未读").first
        title = unread.inner_text().splitlines()[0]
        unread.click()
        line = page.get_by_role("button", expanded=True)
        expect(line).to_contain_text("已读")
        expect(line).to_contain_text(title)
        expect(page.get_by_text("请按时签收、报到").first).to_be_visible()
    found = Api(town.url).person(OFFICER, PASSWORD).get("/api/notice/notifications?read=true")["items"]
    assert title in {one["texts"]["zh"]["title"] for one in found}


def test_a_channel_is_chosen_and_what_is_wrong_with_it_said(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        officer.quiet_about(422)
        page = officer.open("/me")
        form = page.get_by_role("form", name="怎么收通知")
        form.get_by_role("button", name="添加渠道").click()
        form.get_by_label("名称").fill("值班群")
        form.get_by_label("类型").select_option(label="钉钉")
        form.get_by_label("地址").fill("not an address")
        form.get_by_role("group", name="超期", exact=True).get_by_label("值班群").check()
        form.get_by_role("button", name="保存").click()
        expect(form.locator("label.field").filter(has_text="地址").locator(".wrong")).to_be_visible()
        form.get_by_role("button", name="移除").click()
        form.get_by_label("用哪种语言").select_option(label="英文")
        form.get_by_role("button", name="保存").click()
        expect(form.get_by_text("已保存。")).to_be_visible()
    assert Api(town.url).person(OFFICER, PASSWORD).get("/api/notice/preferences")["language"] == "en"


def test_a_wrong_present_password_is_said_beside_it(town: Town, browser: Browser) -> None:
    with walker(browser, town.url, OFFICER, size=PHONE) as officer:
        officer.quiet_about(422)
        page = officer.open("/me")
        form = page.get_by_role("form", name="修改密码")
        form.get_by_label("原密码").fill("not-the-password")
        form.get_by_label("新密码").fill("another-password")
        form.get_by_role("button", name="修改").click()
        expect(form.locator("label.field").filter(has_text="原密码").locator(".wrong")).to_be_visible()
        expect(form.get_by_label("新密码")).to_have_value("another-password")
