"""The store keeps what was received, whole or not at all, under the digest of its content."""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest

from shared.errors import Invalid, NotFound, TooLarge
from shared.store.files import Files, Stored
from shared.store.kinds import Kind
from tests.support import samples

PHOTO = samples.photo()
DIGEST = hashlib.sha256(PHOTO).hexdigest()
TOMORROW = datetime.now(UTC) + timedelta(days=1)


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


def nobody(_digests: Collection[str]) -> Collection[str]:
    """No row names any file."""
    return ()


def test_what_was_received_can_be_read_under_its_digest(files: Files) -> None:
    """Digest, size and kind are told, and the bytes come back as they were."""
    assert put(files) == Stored(DIGEST, len(PHOTO), "image/jpeg")
    with files.open(DIGEST) as opened:
        assert opened.read() == PHOTO


def test_the_same_content_is_kept_once(files: Files) -> None:
    """Two senders of one photo share its bytes."""
    assert put(files) == put(files)
    assert files.sweep(nobody, TOMORROW) == 1


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


def test_the_sweep_takes_what_no_row_names_and_leaves_the_rest(files: Files) -> None:
    """A named file stays, with its rendition."""
    named, orphan = put(files), put(files, samples.photo("red"))
    for stored in (named, orphan):
        files.open_clean(stored).close()
    assert files.sweep(lambda digests: {named.sha256} & set(digests), TOMORROW) == 2
    files.open(named.sha256).close()
    with pytest.raises(NotFound):
        files.open(orphan.sha256)


def test_the_sweep_leaves_what_came_lately(files: Files) -> None:
    """Its row may still be on its way."""
    stored = put(files)
    assert files.sweep(nobody, datetime.now(UTC) - timedelta(days=1)) == 0
    files.open(stored.sha256).close()


def test_what_was_sent_again_during_a_sweep_stays(tmp_path: Path) -> None:
    """It was old when the sweep looked, and is new when it would remove it."""
    files = Files(str(tmp_path))
    put(files)
    old = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(next((tmp_path / "originals").rglob(DIGEST)), (old, old))

    def sent_again(_digests: Collection[str]) -> Collection[str]:
        put(files)
        return ()

    assert files.sweep(sent_again, datetime.now(UTC) - timedelta(days=1)) == 0
    files.open(DIGEST).close()


def test_the_sweep_takes_what_a_crash_left_behind(tmp_path: Path) -> None:
    """An upload that a killed process had begun."""
    files = Files(str(tmp_path))
    put(files)
    left = tmp_path / "incoming" / "tmp-begun"
    left.write_bytes(b"half")
    assert files.sweep(lambda digests: digests, TOMORROW) == 1
    assert not left.exists()
