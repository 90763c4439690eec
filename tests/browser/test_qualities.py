"""Qualities of the whole console: first views are small and quick, a long list too, every control has a key."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Response, expect
from sqlalchemy import NullPool, create_engine, text

from shared.store.database import driver_url
from tests.browser.conftest import Town
from tests.browser.walking import DESK, PHONE, walker

pytestmark = pytest.mark.browser

FIRST_VIEWS = {"/login": "", "/report": "", "/cases": "clerk.honghu"}
MOST_BYTES = 250_000  # of script and style, as they come
SLOWER = 4
PAINTED_WITHIN, ANSWERED_WITHIN = 1_500, 200  # milliseconds
MANY, KEYED_WITHIN = 10_000, 100  # rows, milliseconds
COPIED = """
INSERT INTO supervision.case_file
SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'number', 'copy-' || n))).*
  FROM supervision.case_file AS one, generate_series(1, {many}) AS n WHERE one.id = '{case}'
"""
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
WATCH_EVENTS = """() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration);
    }).observe({type: 'event', durationThreshold: 16});
}"""
WATCH_KEYS = """() => {
    globalThis.keys = [];
    addEventListener('keydown', (event) => {
        const pressed = event.timeStamp;
        requestAnimationFrame(() => {  // after the frame is drawn: a task behind it
            const channel = new MessageChannel();
            channel.port1.onmessage = () => globalThis.keys.push(performance.now() - pressed);
            channel.port2.postMessage('');
        });
    }, {capture: true});
}"""
FIRST_PAINT = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"""
TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
)


@pytest.mark.parametrize("path", FIRST_VIEWS)
def test_the_first_view_is_small(town: Town, browser: Browser, path: str) -> None:
    with walker(browser, town.url, FIRST_VIEWS[path]) as someone:
        came: list[Response] = []
        someone.page.on("response", came.append)
        someone.open(path)
        code = [one for one in came if re.search(r"/assets/.*[.](js|css)$", one.url)]
        assert code
        assert all(one.header_value("content-encoding") == "gzip" for one in code if _bytes(one) >= 1024)
        total = sum(map(_bytes, code))
        assert total < MOST_BYTES, {one.url: _bytes(one) for one in code}
        assert not [one.url for one in code if re.search("maplibre|echarts", one.url)]


@pytest.mark.parametrize("path", FIRST_VIEWS)
def test_on_a_slow_machine_it_is_painted_and_answers_soon(town: Town, browser: Browser, path: str) -> None:
    size = DESK if path == "/cases" else PHONE
    with walker(browser, town.url, FIRST_VIEWS[path], size=size) as someone, _slow(someone.page):
        page = someone.open(path)
        painted = page.evaluate(FIRST_PAINT)
        assert 0 < painted < PAINTED_WITHIN
        page.evaluate(WATCH_EVENTS)
        page.locator("main input").first.click()
        page.keyboard.type("ab")
        page.evaluate(TWO_FRAMES)
        assert page.evaluate("() => globalThis.longest") < ANSWERED_WITHIN


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


def test_ten_thousand_rows_do_not_slow_the_keys(town: Town, browser: Browser) -> None:
    with _copies(town, MANY), walker(browser, town.url, "clerk.honghu") as someone:
        page = someone.open("/cases")
        rows, more = page.locator("main tbody tr"), page.get_by_role("button", name="再加载一些")
        while rows.count() < MANY and more.count():
            before = rows.count()
            more.click()
            expect(rows.nth(before)).to_be_attached()
        assert rows.count() >= MANY
        page.evaluate(WATCH_KEYS)
        search = page.locator("main form input").first
        search.click()
        search.press_sequentially("漏水")
        page.keyboard.press("Tab")
        for key in "jkj":
            page.keyboard.press(key)
        page.evaluate(TWO_FRAMES)
        assert page.evaluate("() => globalThis.keys.length") >= 5
        assert page.evaluate("() => Math.max(...globalThis.keys)") < KEYED_WITHIN


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
        assert _devtools(page).send("Page.getInstallabilityErrors")["installabilityErrors"] == []


@contextmanager
def _copies(town: Town, many: int) -> Iterator[None]:
    """So many more cases like the story's, in supervision's list only; gone afterwards."""
    with create_engine(driver_url(town.database), poolclass=NullPool).connect() as tables:
        tables.execute(text(COPIED.format(many=many, case=town.story)))
        tables.commit()
        try:
            yield
        finally:
            tables.execute(text("DELETE FROM supervision.case_file WHERE number LIKE 'copy-%'"))
            tables.commit()


def _bytes(response: Response) -> int:
    """As many as came over the wire."""
    return int(response.request.sizes()["responseBodySize"])


def _devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


@contextmanager
def _slow(page: Page) -> Iterator[None]:
    devtools = _devtools(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
