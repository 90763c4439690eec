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
EVERY_CONTROL = """() => {
    const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const radios = new Set();
    let number = 0;
    for (const one of document.querySelectorAll(wanted)) {
        if (!one.checkVisibility({visibilityProperty: true}) || one.disabled || one.tabIndex < 0) continue;
        if (one.type === 'radio') {  // a group is one stop
            if (radios.has(one.name)) continue;
            radios.add(one.name);
        }
        one.dataset.stop = String(number++);
    }
    return number;
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (one?.type !== 'radio') return one?.dataset.stop ?? '';
    const group = document.querySelectorAll(`input[type=radio][name="${one.name}"]`);
    return [...group].map((radio) => radio.dataset.stop).find(Boolean) ?? '';
}"""
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

    def look(self, language: str, size: dict[str, int], dark: bool) -> None:
        """Pages opened from now on are in this language, window and mode."""
        if not self.page.url.startswith(self.url):
            self.page.goto(f"{self.url}/login")  # where what the browser keeps can be written
        self.page.evaluate("language => localStorage.setItem('whistle.language', language)", language)
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="dark" if dark else "light")

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


def unreached(page: Page) -> list[str]:
    """The controls to which the Tab key leads from nowhere."""
    controls = page.evaluate(EVERY_CONTROL)
    assert controls
    reached: set[str] = set()
    for _ in range(2 * controls + 10):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
        if len(reached - {""}) == controls:
            break
    missed = [str(one) for one in range(controls) if str(one) not in reached]
    return [page.locator(f"[data-stop='{one}']").evaluate("(it) => it.outerHTML") for one in missed]


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
