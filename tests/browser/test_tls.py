"""The console as phones open it: by https through the proxy of deploy/caddy, which is all that a phone trusts."""

import base64
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FLAGS, Town
from tests.browser.walking import PHONE, walker
from tests.support.eventually import eventually
from tools.child import Child, environment
from tools.client import Api
from tools.servers.private import free_ports
from tools.story import Stage, asking
from tools.story.stage import PASSWORD

pytestmark = pytest.mark.browser

CADDYFILE = Path(__file__).parents[2] / "deploy/caddy/Caddyfile"
AT_ONCE = 10_000  # milliseconds, less than a page that is not told looks again by itself
VOUCHES = "caddy/pki/authorities/local/intermediate.crt"


@pytest.fixture
def proxy(town: Town, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the proxy before the gateway, and the certificate of who vouches for it."""
    program = shutil.which("caddy")
    assert program, "make test-browser installs it"
    secure = free_ports(2)
    settings = {
        "WHISTLE_GATEWAY": urlsplit(town.url).netloc,
        "WHISTLE_HTTPS_PORT": str(secure),
        "WHISTLE_HTTP_PORT": str(secure + 1),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [program, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    child = Child(command, env=environment(**settings), log=tmp_path / "caddy.log")
    try:
        eventually(lambda: (tmp_path / VOUCHES).exists(), what="the proxy has its certificate")
        yield f"https://localhost:{secure}", tmp_path / VOUCHES
    finally:
        child.stop()


@pytest.fixture
def phone(browser: Browser, proxy: tuple[str, Path]) -> Iterator[Browser]:
    """A browser that trusts who vouches for the proxy, as a phone does on which the town has installed that."""
    key = load_pem_x509_certificate(proxy[1].read_bytes()).public_key()
    pin = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    trusting = f"--ignore-certificate-errors-spki-list={base64.b64encode(pin).decode()}"
    opened = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, trusting])
    yield opened
    opened.close()


def test_a_phone_behind_the_proxy_may_do_what_only_https_allows_and_hears_at_once(
    town: Town, phone: Browser, proxy: tuple[str, Path]
) -> None:
    with walker(phone, proxy[0], size=PHONE) as officer:
        page = officer.open("/login")
        page.get_by_label("登录名").fill("officer.chengguan")
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="等我办的")).to_be_visible()
        assert page.evaluate("isSecureContext")
        page.wait_for_function("navigator.serviceWorker.ready.then((it) => it.active.scriptURL.endsWith('/sw.js'))")
        stage = Stage(Api(town.url), say=lambda _line: None)
        case = asking.complaint(stage)
        asking.whistle(stage, case)
        expect(page.get_by_role("link").filter(has_text=case["number"])).to_be_visible(timeout=AT_ONCE)
