"""The store keeps what was received, whole or not at all, under the digest of its content."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest
from fsspec.asyn import AsyncFileSystem

from shared.errors import Invalid, NotFound, TooLarge
from shared.store.files import Files, Stored
from shared.store.kinds import Kind
from tests.support import samples

PHOTO = samples.photo()
DIGEST = hashlib.sha256(PHOTO).hexdigest()
TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(params=["disk", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A directory, and a store that is no local disk."""
    if request.param == "disk":
        yield str(tmp_path / "files")
        return
    yield "memory://files"
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def files(place: str) -> Files:
    """An empty store."""
    return Files(place)


def put(files: Files, content: bytes = PHOTO) -> Stored:
    """Receive this content in small pieces."""
    with files.receive() as reception:
        for at in range(0, len(content), 100):
            reception.write(content[at : at + 100])
        return reception.keep()


def test_what_was_received_can_be_read_under_its_digest(files: Files) -> None:
    """Digest, size and kind are told, and the bytes come back as they were."""
    assert put(files) == Stored(DIGEST, len(PHOTO), "image/jpeg")
    with files.open(DIGEST) as opened:
        assert opened.read() == PHOTO


def test_the_same_content_is_kept_once(files: Files) -> None:
    """Two senders of one photo share its bytes."""
    assert put(files) == put(files)
    assert files.remove({DIGEST}, TOMORROW) == 1


def test_the_rendition_is_made_once_and_the_original_stays(files: Files) -> None:
    """Evidence is never touched by showing it."""
    stored = put(files)
    for _ in range(2):
        with files.open_clean(stored) as shown:
            assert samples.CAMERA.encode() not in shown.read()
    with files.open(DIGEST) as original:
        assert original.read() == PHOTO


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_was_never_received_is_not_found(files: Files, digest: str) -> None:
    """Nothing but a digest ever becomes part of a path."""
    with pytest.raises(NotFound):
        files.open(digest)


def test_more_than_the_limit_is_refused_while_it_arrives(tmp_path: Path) -> None:
    """The rest is not even taken, and nothing stays behind."""
    files = Files(str(tmp_path), {"image/jpeg": Kind("image/jpeg", "photo", ".jpg", 500)})
    with files.receive() as reception:
        reception.write(bytes(500))
        with pytest.raises(TooLarge) as refusal:
            reception.write(b"x")
    assert refusal.value.facts == {"limit": 500}
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_each_kind_has_its_own_limit(tmp_path: Path) -> None:
    """A photo may not be as long as a clip."""
    kinds = {
        "image/jpeg": Kind("image/jpeg", "photo", ".jpg", 500),
        "video/mp4": Kind("video/mp4", "clip", ".mp4", 9999),
    }
    with pytest.raises(TooLarge) as refusal:
        put(Files(str(tmp_path), kinds))
    assert refusal.value.facts == {"limit": 500}


def test_what_is_refused_or_interrupted_leaves_nothing(tmp_path: Path) -> None:
    """A sender who goes away in the middle costs no disk."""
    files = Files(str(tmp_path))
    with pytest.raises(Invalid):
        put(files, b"no photo")
    with suppress(ConnectionError), files.receive() as reception:
        reception.write(PHOTO[:50])
        raise ConnectionError
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_was_written_before_a_time_can_be_found_and_removed(files: Files) -> None:
    """With its rendition; the others stay."""
    kept, orphan = put(files), put(files, samples.photo("red"))
    for stored in (kept, orphan):
        files.open_clean(stored).close()
    assert files.written(TOMORROW) == {kept.sha256, orphan.sha256}
    assert files.remove({orphan.sha256}, TOMORROW) == 2
    files.open(kept.sha256).close()
    with pytest.raises(NotFound):
        files.open(orphan.sha256)


def test_what_came_lately_stays(files: Files) -> None:
    """Its row may still be on its way; it may have been sent again since it was found."""
    stored = put(files)
    assert files.written(YESTERDAY) == set()
    assert files.remove({stored.sha256}, YESTERDAY) == 0
    files.open(stored.sha256).close()


def test_what_a_crash_left_behind_is_removed(tmp_path: Path) -> None:
    """An upload that a killed process had begun; one that is under way stays."""
    files = Files(str(tmp_path))
    put(files)
    left = tmp_path / "incoming" / "tmp-begun"
    left.write_bytes(b"half")
    assert files.remove_interrupted(YESTERDAY) == 0
    assert files.remove_interrupted(TOMORROW) == 1
    assert not left.exists()


def test_a_place_that_would_stand_still_is_refused_at_once() -> None:
    """An asynchronous file system such as s3fs hangs in a green process; better to say so at the start."""
    fsspec.register_implementation("asynchronous", AsyncFileSystem, clobber=True)
    with pytest.raises(ValueError, match="mount it as a directory"):
        Files("asynchronous://bucket/files")
