"""`make screenshots`: every page once, on a day with something to do, as small pictures in docs/screenshots/.

Pages at the desk at their width, all others as on a phone; in Chinese, and the wall and the first page of residents in
English and dark besides.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Town, a_town, chromium
from tests.browser.test_pages import PAGES
from tests.browser.walking import DESK, PHONE, walker
from tools.client import Api, Json
from tools.story.stage import Stage, photo

WHERE = Path("docs/screenshots")
ON_A_PHONE = re.compile("^/(phone|report|follow|notices)")
ALSO_DARK = ("/wall", "/report")
COLOURS = 96  # enough for pages; a quarter of the bytes
LOOKS = 40  # pictures taken at most until one is like the one before


class Event(NamedTuple):
    """Something of the day: where, what, and how far its lead has come."""

    clerk: str
    category: str
    longitude: float
    latitude: float
    words: str
    done: tuple[str, ...]


SIGNED, ON_SITE, AT_WORK = ("signature",), ("signature", "report"), ("signature", "report", "start")
DAY = (
    Event("clerk.honghu", "E06-02", 118.1007, 32.2057, "春江花园1栋前消防通道被杂物和两辆面包车堵住", ()),
    Event("clerk.honghu", "E06-03", 118.1041, 32.2045, "湖滨新村5栋三楼飞线给电动车充电", SIGNED),
    Event("clerk.liuxi", "E01-04", 118.1091, 32.2058, "柳溪家园3栋楼下烧烤店油烟直排", AT_WORK),
    Event("clerk.liuxi", "E04-01", 118.1125, 32.2058, "柳岸公寓门口早市占住人行道", ON_SITE),
    Event("clerk.jinsui", "E01-03", 118.1118, 32.2025, "金穗小区东墙外一夜堆起三车渣土", SIGNED),
    Event("clerk.jinsui", "E06-06", 118.1104, 32.2007, "丰禾苑监控坏了两个月，物业不修", ()),
)


def busy(stage: Stage) -> None:
    """What happened on the day: a draft, a case under review, and whistles that have come differently far."""
    for at, event in enumerate(DAY):
        case, clerk = _registered(stage, event), stage.person(event.clerk)
        if at == 0:
            continue
        clerk.post(f"/api/intake/cases/{case['id']}/submission")
        if at == len(DAY) - 1:
            continue
        stage.person("reviewer.sanhe").post(f"/api/intake/cases/{case['id']}/whistle")
        _act(stage, event, _lead(stage, case))


def _registered(stage: Stage, event: Event) -> Json:
    clerk = stage.person(event.clerk)
    shot = clerk.post("/api/intake/attachments", data=photo(event.words))
    place = {"longitude": event.longitude, "latitude": event.latitude, "address": ""}
    case: Json = clerk.post(
        "/api/intake/cases",
        {
            "channel": "walk_in",
            "category": event.category,
            "place": place,
            "description": event.words,
            "tried": "社区上门劝导两次，未见改观",
            "attachments": [shot["sha256"]],
        },
    )
    return case


def _lead(stage: Stage, case: Json) -> Json:
    """The lead's assignment, once everybody knows of it."""
    path = f"/api/supervision/cases/{case['id']}"

    def found() -> Json:
        parts = stage.person("supervisor.sanhe").get(path)["parts"]
        return next((one for one in parts if one["part"] == "lead" and one["delivered_at"]), None)

    return stage.until("the lead is summoned", (), found)


def _act(stage: Stage, event: Event, part: Json) -> None:
    officer, path = stage.person(f"officer.{part['department']}"), f"/api/dispatch/assignments/{part['id']}"
    for what in event.done:
        body = {"report": {"longitude": event.longitude, "latitude": event.latitude}}.get(what)
        officer.post(f"{path}/{what}", body)
    if event.done == SIGNED:
        officer.post(f"{path}/extensions", {"minutes": 60, "reason": "店主外出，约定明早到场"})


def shots(town: Town, browser: Browser) -> Iterator[tuple[str, bytes]]:
    """The name and the picture of every page."""
    for path, login in PAGES.items():
        phone = bool(ON_A_PHONE.match(path))
        for language, dark in (("zh", False), *((("en", True),) if path in ALSO_DARK else ())):
            size = PHONE if phone else DESK
            with walker(browser, town.url, login, size=size, language=language, dark=dark) as someone:
                page = someone.open(town.path(path))
                yield _name(path) + ("" if language == "zh" else f"-{language}-dark"), _still(page)


def _name(path: str) -> str:
    return re.sub(r"\W+", "-", path.replace("/{", "-{")).strip("-")


def _still(page: Page) -> bytes:
    """A picture of the page once nothing in it moves."""
    page.emulate_media(reduced_motion="reduce")
    before = b""
    for _ in range(LOOKS):
        shot = page.screenshot(animations="disabled", caret="hide")
        if shot == before:
            break
        before = shot
        page.wait_for_timeout(150)
    return before


def small(picture: bytes) -> bytes:
    """The same in few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> None:
    """Start a town, let it have its day, and take every page."""
    WHERE.mkdir(parents=True, exist_ok=True)
    for old in WHERE.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="whistle-screens-") as place, a_town(Path(place), print) as town:
        busy(Stage(Api(town.url), say=lambda _line: None))
        with chromium() as browser:
            for name, picture in shots(town, browser):
                (WHERE / f"{name}.png").write_bytes(small(picture))
                print(name, flush=True)


if __name__ == "__main__":
    main()
