"""Qualities of the whole console: its first views are small, every action on a case has a key, it can be installed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Response

from tests.browser.conftest import Town
from tests.browser.preparing import CALLER, INSPECTOR, known, verify
from tests.browser.walking import barriers, unreached, walker
from tools.client import Api
from tools.story import Stage, acting, asking

pytestmark = pytest.mark.browser

FIRST_VIEWS = {"/login": "", "/report": "", "/cases": "clerk.honghu"}
MOST_BYTES = 250_000  # of script and style, as they come


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


def test_every_action_on_a_case_is_reached_by_the_tab_key_and_bars_nobody(town: Town, browser: Browser) -> None:
    stage = Stage(Api(town.url), say=lambda _line: None)
    for path, logins in _standing(stage, town):
        for login in logins:
            with walker(browser, town.url, login) as someone:
                page = someone.open(path)
                _unfold(page)
                assert not unreached(page), f"{login} at {path}"
                assert not barriers(page), barriers(page)


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


def _standing(stage: Stage, town: Town) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The page of a case wherever it stands, and who then acts on it."""
    case = asking.complaint(stage)
    clerk, reviewer, path = stage.person(asking.CLERK), stage.person(asking.REVIEWER), f"/api/intake/cases/{case['id']}"
    yield known(stage, case, "draft"), (asking.CLERK,)
    clerk.post(f"{path}/submission")
    yield known(stage, case, "under_review"), (asking.REVIEWER,)
    reviewer.post(f"{path}/whistle")
    yield known(stage, case, "dispatched"), ("dispatcher.chunjiang", "supervisor.sanhe", "supervisor.chunjiang")
    summons = acting.summoned(stage, case)
    acting.report_in(stage, summons)
    yield known(stage, case, "in_progress"), ("supervisor.sanhe",)
    acting.feed_back(stage, summons)
    yield known(stage, case, "to_verify"), (INSPECTOR,)
    verify(stage, case)
    yield known(stage, case, "call_back"), (CALLER,)
    yield town.path("/cases/{case}"), (CALLER, "supervisor.sanhe")  # it is closed


def _unfold(page: Page) -> None:
    """Open what is folded, and wait until each has what it asks for."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.wait_for_function("[...document.querySelectorAll('details')].every((one) => one.children.length > 1)")


def _bytes(response: Response) -> int:
    """As many as came over the wire."""
    return int(response.request.sizes()["responseBodySize"])


def _devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)
