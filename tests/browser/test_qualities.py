"""Qualities of the whole console: its first views are small, every control has a key, it can be installed."""

import re

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Response

from tests.browser.conftest import Town
from tests.browser.walking import walker

pytestmark = pytest.mark.browser

FIRST_VIEWS = {"/login": "", "/report": "", "/cases": "clerk.honghu"}
MOST_BYTES = 250_000  # of script and style, as they come
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


@pytest.mark.parametrize("path", FIRST_VIEWS)
def test_the_first_view_is_small(town: Town, browser: Browser, path: str) -> None:
    with walker(browser, town.url, FIRST_VIEWS[path]) as someone:
        came: list[Response] = []
        someone.page.on("response", lambda response: came.append(response))
        someone.open(path)
        code = [one for one in came if re.search(r"/assets/.*[.](js|css)$", one.url)]
        assert code
        assert all(one.header_value("content-encoding") == "gzip" for one in code if _bytes(one) >= 1024)
        total = sum(map(_bytes, code))
        assert total < MOST_BYTES, {one.url: _bytes(one) for one in code}
        assert not [one.url for one in code if re.search("maplibre|echarts", one.url)]


@pytest.mark.parametrize(("path", "login"), [
    ("/login", ""), ("/report", ""), ("/follow", ""), ("/notices", ""),
    ("/me", "officer.zhujian"), ("/cases", "clerk.honghu"), ("/cases/{case}", "supervisor.sanhe"),
])  # fmt: skip
def test_every_control_is_reached_by_the_tab_key(town: Town, browser: Browser, path: str, login: str) -> None:
    with walker(browser, town.url, login) as someone:
        page = someone.open(path.format(case=town.story))
        controls = page.evaluate(EVERY_CONTROL)
        assert controls
        reached: set[str] = set()
        for _ in range(2 * controls + 10):
            page.keyboard.press("Tab")
            reached.add(page.evaluate(FOCUSED))
            if len(reached - {""}) == controls:
                break
        missed = [str(one) for one in range(controls) if str(one) not in reached]
        assert not missed, [page.locator(f"[data-stop='{one}']").evaluate("(it) => it.outerHTML") for one in missed]


def test_it_can_be_installed(town: Town, browser: Browser) -> None:
    with walker(browser, town.url) as someone:
        page = someone.open("/report")
        manifest = page.evaluate("async () => (await fetch('/manifest.webmanifest')).json()")
        assert manifest["display"] == "standalone"
        for icon in manifest["icons"]:
            measured = (
                "async (from) => { const i = new Image(); i.src = from; await i.decode(); return i.naturalWidth; }"
            )
            width = page.evaluate(measured, icon["src"])
            assert icon["sizes"] in ("any", f"{width}x{width}")
        assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
        errors = _devtools(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert {one["errorId"] for one in errors} <= {"in-incognito"}, errors  # as every walker's browser is


def _bytes(response: Response) -> int:
    """As many as came over the wire."""
    return int(response.request.sizes()["responseBodySize"])


def _devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)
