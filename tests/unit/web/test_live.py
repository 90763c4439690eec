"""Each listener hears what they may see, gets what they missed, and never costs more than their bound."""

import json
import threading
import time
from collections.abc import Iterator
from math import inf
from typing import Any

import pytest
from urllib3.exceptions import HTTPError

from shared.access.actor import Actor, Role
from shared.runtime import outlet as bounded
from shared.runtime.outlet import Outlet
from shared.web import live as module
from shared.web.live import KEPT, Live, Ring
from shared.web.stream import Listener
from tests.support.eventually import eventually

STREET = Actor("supervisor.sanhe", frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
ADMINISTRATOR = Actor("admin", frozenset({Role.ADMINISTRATOR}), "jiedao", "cj")
HERE = {"case": "1", "area": "cj.sanhe.honghu", "departments": ["zhujian"], "state": "whistled"}
ELSEWHERE = {"case": "2", "area": "cj.dongmen.x", "departments": ["chengguan"], "state": "whistled"}


def live() -> Live:
    return Live(lambda _path, _seconds: iter(()), lambda _reason: None)


def heard(outlet: Outlet) -> list[tuple[str, Any]]:
    """The events that wait for a reader: name and data."""
    blocks = next(iter(outlet)).decode().split("\n\n")
    fields = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks if "event: " in block]
    return [(one["event"], json.loads(one["data"])) for one in fields]


def last_id(outlet: Outlet) -> str:
    """The newest id that waits for a reader."""
    return next(iter(outlet)).decode().rpartition("id: ")[2].partition("\n")[0]


def test_a_case_is_told_to_its_area_and_its_departments_and_to_nobody_else() -> None:
    hub = live()
    street, officer, administrator = (hub.open(Listener(one, inf, "")) for one in (STREET, OFFICER, ADMINISTRATOR))
    hub.publish([HERE, ELSEWHERE])
    assert heard(street) == heard(officer) == [("case", {"case": "1", "state": "whistled"})]
    assert heard(administrator) == []


def test_a_page_begins_with_reading_everything_from_where_nothing_is_missed_any_more() -> None:
    hub = live()
    first = hub.open(Listener(STREET, inf, ""))
    hub.publish([HERE])
    hub.publish([{"resync": True}])
    assert [name for name, _ in heard(first)] == ["case", "resync"]
    assert heard(hub.open(Listener(STREET, inf, ""))) == [("resync", {})]


def test_who_looks_at_a_case_is_told_to_those_who_may_see_it() -> None:
    hub = live()
    street = hub.open(Listener(STREET, inf, ""))
    looks = {"who": "clerk.honghu", "at": "2026-11-27T10:00:00Z"}
    hub.publish([{**one, **looks} for one in (HERE, ELSEWHERE)])
    assert heard(street) == [("looking", {"case": "1", "login": looks["who"], "at": looks["at"]})]


def test_of_changes_of_a_case_that_come_together_only_the_last_is_told() -> None:
    hub = live()
    street = hub.open(Listener(STREET, inf, ""))
    hub.publish([HERE, {**HERE, "case": "3"}, {**HERE, "state": "dispatched"}])
    assert [data["case"] for _, data in heard(street)] == ["3", "1"]


def test_whoever_comes_again_gets_what_they_missed_and_may_see() -> None:
    hub = live()
    known = last_id(hub.open(Listener(STREET, inf, "")))
    hub.publish([HERE, ELSEWHERE])
    hub.publish([{**HERE, "state": "dispatched"}])
    again = hub.open(Listener(STREET, inf, known))
    assert heard(again) == [("case", {"case": "1", "state": state}) for state in ("whistled", "dispatched")]


@pytest.mark.parametrize("known", ["x", "0123abcd-1", "-", "١-١", "{boot}-99", "{boot}-", "{boot}--1", "{boot}-1e3"])
def test_whoever_knows_an_event_that_is_not_known_here_reads_everything_anew(known: str) -> None:
    hub = live()
    boot = last_id(hub.open(Listener(STREET, inf, ""))).partition("-")[0]
    assert heard(hub.open(Listener(STREET, inf, known.format(boot=boot)))) == [("resync", {})]


def test_the_ring_reaches_back_as_far_as_it_keeps_and_no_farther() -> None:
    ring = Ring("b")
    for number in range(KEPT + 10):
        ring.add("case", {"case": str(number)}, None)
    assert ring.last == f"b-{KEPT + 10}"
    assert len(ring.after("b-10") or ()) == KEPT
    assert ring.after("b-9") is None
    assert ring.after(ring.last) == []


def test_a_slow_reader_loses_what_waits_and_is_told_so() -> None:
    hub = live()
    slow = hub.open(Listener(STREET, inf, ""))
    for number in range(2_000):
        hub.publish([{**HERE, "case": str(number)}])
        assert slow.size <= bounded.MOST
    events = heard(slow)
    assert events[0] == ("resync", {})
    assert events[-1][1]["case"] == "1999"


def test_an_outlet_says_that_there_is_nothing_and_ends_with_its_lifetime_or_when_it_is_closed() -> None:
    gone: list[Outlet] = []
    outlet = Outlet(lambda: b"beat", 0.02, lambda: b"lost", lifetime=0.1, left=gone.append)
    begun = time.monotonic()
    pieces = [*outlet]
    assert 0.1 <= time.monotonic() - begun < 1
    assert {*pieces} == {b"beat"}
    assert gone == [outlet]
    endless = Outlet(lambda: b"beat", 60, lambda: b"lost")
    endless.put(b"one")
    reading = iter(endless)
    assert next(reading) == b"one"
    threading.Timer(0.05, endless.close).start()
    assert [*reading] == []


def test_what_comes_together_is_sent_together() -> None:
    outlet = Outlet(lambda: b"beat", 60, lambda: b"lost", linger=0.2)
    outlet.put(b"one ")
    threading.Timer(0.05, outlet.put, [b"two"]).start()
    assert next(iter(outlet)) == b"one two"


def test_lines_are_put_together_from_pieces_and_a_loss_is_followed_by_another_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    line = json.dumps(HERE).encode()
    tried: list[str] = []
    reasons: list[str] = []

    def follow(path: str, _seconds: float) -> Iterator[bytes]:
        tried.append(path)
        if len(tried) == 1:
            yield b'{"resync":true}\n' + line[:20]
            raise HTTPError("lost")
        yield b'{"resync":true}\n{}\n' + line[:20]
        yield line[20:] + b"\n"
        outlet.close()
        yield b"{}\n"

    hub = Live(follow, reasons.append)
    outlet = hub.open(Listener(STREET, inf, ""))
    known = last_id(outlet)
    threading.Thread(target=hub.run, daemon=True).start()
    eventually(lambda: hub.listeners == 0, what="the second connection has brought the case")
    again = hub.open(Listener(STREET, inf, known))
    assert [name for name, _ in heard(again)] == ["resync", "resync", "case"]
    again.close()
    assert tried[:2] == ["/live"] * 2
    assert "HTTPError" in reasons
