"""Every page in both languages, at the desk's and the phone's width, in both modes: it opens, fits, bars nobody."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Town
from tests.browser.walking import DESK, PHONE, barriers, overflows, walker

pytestmark = pytest.mark.browser

# Each page, and who opens it; {case}, {assignment} and {record} are the story's.
PAGES = {
    "/login": "",
    "/report": "",
    "/follow": "",
    "/notices": "",
    "/nowhere": "",
    "/me": "officer.zhujian",
    "/cases": "clerk.honghu",
    "/cases/{case}": "supervisor.sanhe",
    "/phone": "officer.chengguan",
    "/phone/queue": "officer.chengguan",
    "/phone/assignments/{assignment}": "officer.shichang",
    "/phone/records": "officer.shichang",
    "/phone/records/{record}": "officer.shichang",
    "/cases/new": "clerk.honghu",
    "/cases/{case}/form": "dispatcher.chunjiang",
    "/wall": "supervisor.sanhe",
    "/measures": "supervisor.sanhe",
    "/ranking": "supervisor.sanhe",
    "/rulings": "supervisor.sanhe",
    "/orders": "supervisor.sanhe",
    "/undelivered": "supervisor.sanhe",
    "/settings/limits": "supervisor.sanhe",
    "/refusals": "supervisor.chunjiang",
    "/settings/responsibility": "admin.chunjiang",
    "/settings/calendar": "admin.chunjiang",
    "/settings/people": "admin.chunjiang",
    "/parked": "admin.chunjiang",
}
LOOKS = {
    "zh-desk": ("zh", DESK, False),
    "en-phone-dark": ("en", PHONE, True),
    "zh-phone": ("zh", PHONE, False),
    "en-desk-dark": ("en", DESK, True),
}


@pytest.mark.parametrize(("language", "size", "dark"), LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_the_page_opens_fits_and_bars_nobody(
    town: Town, browser: Browser, path: str, language: str, size: dict[str, int], dark: bool
) -> None:
    with walker(browser, town.url, PAGES[path], size=size, language=language, dark=dark) as someone:
        page = someone.open(path.format(case=town.story, assignment=town.assignment, record=town.record))
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert not overflows(page)
        assert not barriers(page), barriers(page)
