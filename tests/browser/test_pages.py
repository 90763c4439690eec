"""Every page in both languages, at the desk's and the phone's width, in both modes: it opens, fits, and bars nobody.

Nobody is barred who uses the keyboard alone, either.
"""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Town
from tests.browser.walking import DESK, PHONE, barriers, overflows, unreached, walker

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
# Language, window and mode; the controls are the same in both languages.
LOOKS = (("zh", DESK, False), ("en", DESK, True), ("zh", PHONE, False), ("en", PHONE, True))


@pytest.mark.parametrize("path", PAGES)
def test_the_page_opens_fits_and_bars_nobody(town: Town, browser: Browser, path: str) -> None:
    with walker(browser, town.url, PAGES[path]) as someone:
        for language, size, dark in LOOKS:
            someone.look(language, size, dark)
            page, seen = someone.open(town.path(path)), f"{language}, {size['width']} px, dark: {dark}"
            assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
            assert not overflows(page), seen
            assert not (found := barriers(page)), f"{seen}\n{found}"
            if language == "zh":
                assert not (missed := unreached(page)), f"{seen}\n{missed}"
