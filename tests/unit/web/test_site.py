"""A built page: its files, the page for what lies inside it, and what its readers may keep."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from shared.errors import NotFound
from shared.web.reply import Reply
from shared.web.site import FOR_EVER, Site, answer

SCRIPT = "console.log('吹哨');" * 100


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A page with a script and a picture."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>吹哨报到</title>")
    (tmp_path / "assets" / "index-1.js").write_text(SCRIPT)
    (tmp_path / "icon.png").write_bytes(b"\x89PNG" + bytes(4000))
    return Site(tmp_path)


def ask(site: Site, path: str, **environ: Any) -> Reply:
    """What a GET of this path answers."""
    return answer(site.find(path), environ)


def header(reply: Reply, name: str) -> str:
    """One header; empty if it is not there."""
    return dict(reply.headers).get(name, "")


@pytest.mark.parametrize("path", ["index.html", "cases", "cases/0192", "phone/assignments/1"])
def test_every_address_inside_the_page_is_the_page(site: Site, path: str) -> None:
    reply = ask(site, path)
    assert (reply.content_type, reply.body[:9]) == ("text/html; charset=utf-8", b"<!doctype")  # type: ignore[index]  # bytes
    assert header(reply, "Cache-Control") == "no-cache"


@pytest.mark.parametrize("path", ["api/unknown", "assets/gone.js", "gone.png", "problems/x/y"])
def test_what_is_no_page_is_not_taken_for_one(site: Site, path: str) -> None:
    with pytest.raises(NotFound):
        site.find(path)


def test_what_is_named_after_its_content_may_be_kept_for_ever(site: Site) -> None:
    assert header(ask(site, "assets/index-1.js"), "Cache-Control") == FOR_EVER


def test_text_goes_out_compressed_to_whoever_reads_that(site: Site) -> None:
    packed = ask(site, "assets/index-1.js", HTTP_ACCEPT_ENCODING="gzip, br")
    assert isinstance(packed.body, bytes)
    assert gzip.decompress(packed.body).decode() == SCRIPT
    assert header(packed, "Content-Encoding") == "gzip"
    for said in ("", "br", "gzip;q=0"):
        assert ask(site, "assets/index-1.js", HTTP_ACCEPT_ENCODING=said).body == SCRIPT.encode()
    assert not header(ask(site, "icon.png", HTTP_ACCEPT_ENCODING="gzip"), "Content-Encoding")


def test_the_page_may_run_nothing_but_what_it_brings(site: Site) -> None:
    policy = header(ask(site, "index.html"), "Content-Security-Policy")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy


def test_a_console_that_was_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        Site(tmp_path / "dist").find("cases")
    assert refused.value.slug == "page-not-built"
