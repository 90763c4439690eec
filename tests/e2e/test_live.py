"""Live updates on the whole system: from a command to every page that may see its case, whatever is stopped between."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from shared.access.actor import Actor, Role
from shared.access.token import Minter
from tests.e2e.whole import DEPARTMENTS, POSTGRES, Whole
from tests.support.eventually import eventually
from tests.support.streams import Open, listening
from tools.client import Api
from tools.story.asking import CLERK

STREET, ELSEWHERE = "supervisor.sanhe", "officer.gongan"
OFFICERS = tuple(f"officer.{one}" for one in DEPARTMENTS)
SOON = 5.0  # seconds, far less than a stopping service has for its requests


def opened(whole: Whole, stack: ExitStack, login: str, known: str = "") -> Open:
    """A page of theirs that really listens."""
    page = stack.enter_context(listening(whole.system.url, whole.token(login), known))
    assert page.status == 200
    if not known:
        page.until("resync")
    return page


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is closed at the end of a test."""
    with ExitStack() as stack:
        yield stack


def test_a_whistle_is_heard_by_its_street_and_by_each_summoned_department(whole: Whole, stack: ExitStack) -> None:
    """Where it stands, as lists show it; somebody who looks at it is named."""
    pages = {login: opened(whole, stack, login) for login in (STREET, *OFFICERS)}
    case = whole.whistle()["id"]
    for page in pages.values():
        page.until("case", case=case, state="dispatched")
    shown = whole.person(OFFICERS[0]).get(f"/api/supervision/cases/{case}")
    assert shown["state"] == "dispatched"
    whole.person(OFFICERS[0]).post(f"/api/supervision/cases/{case}/looking")
    assert pages[STREET].until("looking", case=case).data["login"] == OFFICERS[0]


def test_a_department_that_is_not_summoned_hears_nothing_of_the_case(whole: Whole, stack: ExitStack) -> None:
    """The next that it hears is what everybody hears."""
    street, stranger = opened(whole, stack, STREET), opened(whole, stack, ELSEWHERE)
    case = whole.whistle()["id"]
    street.until("case", case=case, state="dispatched")
    whole.kill("supervision")
    assert [next(iter(stranger)).name] == ["resync"]


def test_whoever_comes_again_hears_what_they_missed(whole: Whole, stack: ExitStack) -> None:
    """By the id of the last event, also if that was only a heartbeat's."""
    watch = opened(whole, stack, STREET)
    with ExitStack() as first:
        page = opened(whole, first, STREET)
        known = page.id
    case = whole.whistle()["id"]
    watch.until("case", case=case, state="dispatched")
    again = opened(whole, stack, STREET, known)
    assert again.until("case", case=case)


@pytest.mark.parametrize("lost", ["supervision", POSTGRES])
def test_what_is_lost_between_costs_a_resync_and_no_page(whole: Whole, stack: ExitStack, lost: str) -> None:
    """The same open page goes on."""
    page = opened(whole, stack, STREET)
    if lost == POSTGRES:
        whole.postgres.stop()
        whole.postgres.start()
    else:
        whole.kill(lost)
    page.until("resync")
    whole.serves()
    case = whole.whistle()["id"]
    page.until("case", case=case, state="dispatched")


def test_a_gateway_told_to_stop_ends_its_streams_at_once(whole: Whole, stack: ExitStack) -> None:
    """Also where nobody reads; it ends in good order, and who comes again reads everything anew."""
    page, _unread = opened(whole, stack, STREET), opened(whole, stack, STREET)
    ended = whole.ended_well("gateway")
    begun = time.monotonic()
    os.kill(whole.pid("gateway"), signal.SIGTERM)
    assert [one for one in page if one.name != "case"] == []
    eventually(lambda: whole.ended_well("gateway") > ended, SOON, "the gateway ends in good order")
    assert time.monotonic() - begun < SOON
    whole.serves("gateway")
    again = opened(whole, stack, STREET, page.id)
    assert next(iter(again)).name == "resync"


def test_a_supervision_told_to_stop_does_not_wait_for_the_gateway(whole: Whole, stack: ExitStack) -> None:
    """Its stream to the gateway ends at once."""
    opened(whole, stack, STREET)
    ended = whole.ended_well("supervision")
    os.kill(whole.pid("supervision"), signal.SIGTERM)
    eventually(lambda: whole.ended_well("supervision") > ended, SOON, "supervision ends in good order")


def test_a_stream_ends_when_its_token_does(whole: Whole) -> None:
    """Without a word; the page comes again with a new one."""
    street = Actor(STREET, frozenset({Role.SUPERVISOR}), "jiedao", "cj.sanhe")
    token, _ = Minter(whole.system.directory / "keys", lifetime=timedelta(seconds=3)).mint(street)
    begun = time.monotonic()
    with listening(whole.system.url, token) as page:
        assert {one.name for one in page} <= {"resync", "case"}
    assert time.monotonic() - begun < SOON


def test_only_people_with_a_token_listen_and_nobody_reaches_supervisions_own_stream(whole: Whole) -> None:
    """401 without, 403 for whoever has no list of cases, 404 for what is for those within."""
    with listening(whole.system.url) as nobody:
        assert nobody.status == 401
    with listening(whole.system.url, "x.y.z") as forger:
        assert forger.status == 401
    with listening(whole.system.url, whole.token("admin.chunjiang")) as administrator:
        assert administrator.status == 403
    with listening(whole.system.url, whole.token(CLERK), path="/api/supervision/live") as curious:
        assert curious.status == 404
    with listening(whole.system.url, whole.token(CLERK)) as page:
        assert page.headers["Content-Type"] == "text/event-stream"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Accel-Buffering"] == "no"
    assert Api(whole.system.url).ask("GET", "/api/openapi.json")[1]["paths"]["/api/live"]["get"]["x-endless"]
