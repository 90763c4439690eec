"""`make screenshots`: a small picture of every page, in Chinese at the desk's width, of residents' pages on a phone."""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.test_pages import PAGES
from tests.browser.walking import DESK, PHONE, walker
from tools.client import Api
from tools.story import Stage, play, silence
from tools.system import System

INTO = Path(__file__).parents[2] / "docs" / "screenshots"
MOST_BYTES = 150_000
COLOURS = (128, 64, 32, 16)  # the first with which the picture is small enough
ON_A_PHONE = ("/login", "/report", "/follow", "/notices", "/me", "/phone")


def take(browser: Browser, url: str, case: str, into: Path = INTO) -> list[Path]:
    """A picture of each page; where they lie."""
    into.mkdir(parents=True, exist_ok=True)
    taken = []
    for path, login in PAGES.items():
        phone = path.startswith(ON_A_PHONE)
        for name, size in {"desk": DESK, **({"phone": PHONE} if phone else {})}.items():
            with walker(browser, url, login, size=size) as someone:
                page = someone.open(path.format(case=case))
                file = into / f"{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}-{name}.png"
                file.write_bytes(small(page.screenshot()))
                taken.append(file)
    return taken


def small(picture: bytes) -> bytes:
    """The same with few colours."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        packed = io.BytesIO()
        drawn.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            return packed.getvalue()
    raise ValueError(f"still more than {MOST_BYTES} bytes")


def main() -> None:
    """Start a system, play the story, and take the pictures."""
    chromium = shutil.which("chromium")
    if not chromium:
        raise SystemExit("make screenshots installs Chromium")
    with tempfile.TemporaryDirectory() as directory, System(Path(directory), say=print) as system:
        api = Api(system.url)
        case = str(play(api, say=lambda _line: None).case_id)
        silence(Stage(api, say=lambda _line: None))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for file in take(browser, system.url, case):
                print(f"{file.stat().st_size // 1000:4d} kB  {file.relative_to(INTO.parents[1])}")
            browser.close()


if __name__ == "__main__":
    main()
