"""The door for files: bodies go into the store, files come out with headers that keep browsers from running them."""

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from shared.errors import TooLarge
from shared.store.files import Files, Stored
from shared.web.body import Stream
from shared.web.refusals import Malformed, WrongMediaType
from shared.web.reply import Reply
from shared.web.upload import FILE_LIMIT, disposition, give_out, safe_name, take_in
from tests.support import samples

PHOTO = samples.photo()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """An empty store."""
    return Files(str(tmp_path))


def stream(content: bytes, length: int | None = None, limit: int = FILE_LIMIT) -> Stream:
    """A request's body."""
    said = len(content) if length is None else length
    return Stream({"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(said), "CONTENT_TYPE": "text/plain"}, limit)


def content(reply: Reply) -> bytes:
    """The body that was answered, to its end."""
    assert isinstance(reply.body, Iterable)
    pieces = b"".join(reply.body)  # type: ignore[arg-type]  # an iterable of bytes, as the branch above says
    reply.body.close()  # type: ignore[union-attr]  # what has pieces is closed at the end
    return pieces


def test_a_body_is_stored_as_what_it_is(files: Files) -> None:
    """The Content-Type that was sent does not count."""
    assert take_in(files, stream(PHOTO)).content_type == "image/jpeg"


def test_a_wrong_kind_is_refused_as_a_media_type(files: Files) -> None:
    """Over HTTP that is 415."""
    with pytest.raises(WrongMediaType) as refusal:
        take_in(files, stream(b"#!/bin/sh\n"))
    assert refusal.value.slug == "wrong-kind-of-file"


def test_a_body_over_the_route_s_limit_is_refused(files: Files) -> None:
    """The door's own limit comes first."""
    with pytest.raises(TooLarge):
        take_in(files, stream(PHOTO, limit=10))


def test_a_body_that_ends_too_early_is_refused(files: Files) -> None:
    """A sender who went away has not sent a file."""
    with pytest.raises(Malformed):
        take_in(files, stream(PHOTO, length=len(PHOTO) + 1))


def test_the_original_is_given_out_to_be_saved_and_never_run(files: Files) -> None:
    """Length, kind and name are told; no browser may guess another kind, no cache in between may keep it."""
    reply = give_out(files, take_in(files, stream(PHOTO)), "现场 1.JPG")
    headers = dict(reply.headers)
    assert content(reply) == PHOTO
    assert reply.content_type == "image/jpeg"
    assert headers["Content-Length"] == str(len(PHOTO))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert (
        headers["Content-Disposition"] == "attachment; filename=\"_1.JPG\"; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%201.JPG"
    )


def test_others_get_the_rendition(files: Files) -> None:
    """It is a photo still, without its EXIF."""
    shown = content(give_out(files, take_in(files, stream(PHOTO)), original=False))
    assert shown.startswith(b"\xff\xd8")
    assert samples.CAMERA.encode() not in shown


def test_a_name_ends_as_its_kind_does() -> None:
    """A document cannot be saved as a program."""
    assert "filename*=UTF-8''run.exe.pdf" in disposition("run.exe", "application/pdf")


def test_a_file_without_a_name_is_called_by_its_digest(files: Files) -> None:
    """Nothing else is known of it."""
    stored = take_in(files, stream(samples.PDF))
    reply = give_out(files, Stored(stored.sha256, stored.size, stored.content_type))
    assert stored.sha256[:12] + ".pdf" in dict(reply.headers)["Content-Disposition"]
    assert content(reply) == samples.PDF


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        ("漏水现场.jpg", "漏水现场.jpg"),
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\photos\\a.jpg", "C_photos_a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "a_Set-Cookie_ x.jpg"),
        ("cod\u202egpj.exe", "cod_gpj.exe"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("", ""),
    ],
)
def test_a_sender_s_name_for_a_file_is_made_harmless(said: str, safe: str) -> None:
    """No folders, no new header lines, nothing that hides the real ending."""
    assert safe_name(said) == safe
