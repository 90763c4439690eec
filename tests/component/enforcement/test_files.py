"""Large files pass through without holding up others, and what no record names goes away by itself."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest
from sqlalchemy import create_engine

from services.enforcement.store.queries import named_files
from shared.errors import NotFound
from shared.store.files import Files
from shared.web.orphans import Orphans
from tests.component.enforcement.conftest import PEOPLE, Doors
from tests.support import samples
from tests.support.eventually import eventually

LONG = samples.clip() + samples.box(b"free", bytes(60_000_000))


def test_a_long_clip_goes_in_and_out_while_others_are_answered(doors: Doors) -> None:
    """60 MB are hashed, kept and given out again; meanwhile nobody waits for more than a moment."""
    waits: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            begun = time.perf_counter()
            assert doors.ask("GET", "/records", "wu").status == 200
            waits.append(time.perf_counter() - begun)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        record = doors.open()
        sent = doors.done("POST", "/uploads", "chen", body=LONG)
        body = {"upload_id": sent["id"], "description": "监控视频", "source": "camera"}
        evidence = doors.done("POST", f"/records/{record['id']}/evidence", "chen", body)
        original = doors.ask("GET", f"/evidence/{evidence['id']}/file", "chen")
        rendition = doors.ask("GET", f"/evidence/{evidence['id']}/file", "street")
    finally:
        done.set()
        asking.join()
    assert original.raw == LONG
    assert len(rendition.raw) == len(LONG)
    assert samples.HOME not in rendition.raw
    assert len(waits) > 10
    assert max(waits) < 3.0


def test_an_upload_whose_sender_goes_away_leaves_nothing(doors: Doors) -> None:
    """Half a file is no file."""
    incoming = doors.files / "incoming"
    line = HTTPConnection(doors.service.url.removeprefix("http://"))
    line.putrequest("POST", "/uploads")
    line.putheader("Authorization", f"Bearer {doors.service.token(PEOPLE['chen'])}")
    line.putheader("Content-Type", "image/jpeg")
    line.putheader("Content-Length", "5000000")
    line.endheaders(bytes(3_000_000))
    eventually(lambda: list(incoming.glob("*")), what="the upload has begun")
    line.close()
    eventually(lambda: not list(incoming.glob("*")), what="nothing of it is left")


def test_files_that_no_record_names_are_removed_after_two_days(doors: Doors) -> None:
    """What was only uploaded goes; evidence stays however old it is."""
    record = doors.open()
    photos = {name: samples.photo(colour) for name, colour in (("used", "crimson"), ("unused", "sienna"))}
    sent = {name: doors.done("POST", "/uploads", "chen", body=photo) for name, photo in photos.items()}
    body = {"upload_id": sent["used"]["id"], "description": "渗漏点", "source": "officer"}
    doors.done("POST", f"/records/{record['id']}/evidence", "chen", body)
    files = Files(str(doors.files))
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    for one in sent.values():
        (path,) = doors.files.rglob(one["sha256"])
        os.utime(path, (three_days_ago, three_days_ago))
    engine = create_engine(doors.service.database)
    try:
        assert Orphans(files, engine, named_files).step() == 1
    finally:
        engine.dispose()
    with files.open(sent["used"]["sha256"]) as kept:
        assert kept.read() == photos["used"]
    with pytest.raises(NotFound):
        files.open(sent["unused"]["sha256"])
