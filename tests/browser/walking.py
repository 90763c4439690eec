"""People at the console: each a browser of their own, logged in, in a language, at a width."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tools.client import Api
from tools.story.stage import PASSWORD

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HERE = {"longitude": 104.0668, "latitude": 30.5728}
# What a wall of filtered noise would hide: an error in the console of any page fails its test.
QUIET = ("net::ERR_INTERNET_DISCONNECTED",)


@dataclass
class Walker:
    """A person at a page; `wrong` is what the browser's console complained about."""

    page: Page
    url: str
    wrong: list[str]
    refusals: set[int] = field(default_factory=set)

    def quiet_about(self, *statuses: int) -> None:
        """These refusals are part of the story."""
        self.refusals.update(statuses)

    def open(self, path: str) -> Page:
        """Go there, and wait until nothing more is loaded."""
        self.page.goto(self.url + path)
        self.page.locator("h1").first.wait_for()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0, timeout=30_000)
        return self.page


@contextmanager
def walker(browser: Browser, url: str, login: str = "", language: str = "zh", **look: Any) -> Iterator[Walker]:
    """Somebody with an account, or a resident without; what went wrong in their browser fails the test.

    `look` is the window's `size` and whether it is `dark`.
    """
    context = _context(browser, **look)
    kept = {"whistle.language": language}
    if login:
        status, session = Api(url).ask("POST", "/api/directory/sessions", {"login": login, "password": PASSWORD})
        assert status < 400, session
        kept["whistle.session"] = json.dumps(session)
    context.add_init_script(f"""
        if (!sessionStorage.begun) {{  // once: whoever logs out in the page stays so
            sessionStorage.begun = 1;
            for (const [name, value] of Object.entries({json.dumps(kept)})) localStorage.setItem(name, value);
        }}""")
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if _bad(message) else None)
    try:
        yield (someone := Walker(page, url, wrong))
        expected = [f"status of {status}" for status in someone.refusals]
        assert [one for one in wrong if not any(part in one for part in expected)] == [], wrong
    finally:
        context.close()


def _context(browser: Browser, size: dict[str, int] = DESK, dark: bool = False) -> BrowserContext:
    return browser.new_context(
        viewport=size,
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        geolocation=HERE,
        permissions=["geolocation"],
        has_touch=size is PHONE,
    )


def _bad(message: Any) -> bool:
    return message.type == "error" and not any(quiet in message.text for quiet in QUIET)


def barriers(page: Page) -> str:
    """What axe finds that keeps somebody from using the page; empty if nothing."""
    found = Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
