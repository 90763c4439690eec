"""Whoever listens hears every change of a case as it is committed, and who looks at it."""

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import urllib3

from shared.access.actor import Actor, Role
from shared.runtime.clock import now
from tests.component.supervision.conftest import Summoned
from tests.support.eventually import eventually
from tests.support.one_service import OneService
from tests.support.tables import execute, rows

DISTRICT = Actor("supervisor.chunjiang", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
ELSEWHERE = Actor("supervisor.dongmen", frozenset({Role.SUPERVISOR}), "jiedao", "cj.dongmen")
HEAD = Actor("head.zhujian", frozenset({Role.DEPARTMENT_HEAD}), "zhujian", "cj")
LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN'"
PATIENCE = 20.0  # seconds
RESYNC = {"resync": True}


@contextmanager
def listening(service: OneService) -> Iterator[Iterator[Any]]:
    """The lines of an open stream from when it really listens."""
    http = urllib3.PoolManager(timeout=10, retries=False)
    with closing(http.request("GET", f"{service.url}/live", preload_content=False)) as answer:
        assert answer.status == 200
        heard = (json.loads(line) for piece in answer.stream() for line in piece.splitlines())
        assert until(heard, **RESYNC)
        yield heard


def soon(told: Iterator[Any]) -> Iterator[Any]:
    """What is told within some seconds; heartbeats would let a test wait for ever."""
    deadline = time.monotonic() + PATIENCE
    return itertools.takewhile(lambda _: time.monotonic() < deadline, told)


def until(told: Iterator[Any], **wanted: Any) -> Any:
    """The first that has all of this."""
    return next(one for one in soon(told) if wanted.items() <= one.items())


def listeners(service: OneService) -> int:
    return int(rows(service.database, LISTENERS)[0][0])


@pytest.fixture
def case(supervision: OneService) -> Summoned:
    """Just summoned."""
    summoned = Summoned(supervision, now() - timedelta(minutes=1))
    eventually(lambda: supervision.ask("GET", f"/cases/{summoned.id}", DISTRICT).status == 200, what="it is known")
    return summoned


def test_a_committed_change_is_told_with_what_decides_who_may_hear_it(supervision: OneService) -> None:
    with listening(supervision) as told:
        case = Summoned(supervision, now())
        heard = until(told, case=str(case.id))
        assert (heard["area"], heard["state"]) == ("cj.sanhe.honghu.g01", "dispatched")
        assert {*heard["departments"]} == {"chengguan", "zhujian"}


def test_nothing_is_held_open_at_the_database_while_nobody_listens(supervision: OneService) -> None:
    eventually(lambda: listeners(supervision) == 0, what="the last one's connection is gone")
    with listening(supervision) as first, listening(supervision) as second:
        assert listeners(supervision) == 1
        case = Summoned(supervision, now())
        assert until(first, case=str(case.id)) == until(second, case=str(case.id))
    eventually(lambda: listeners(supervision) == 0, what="the connection is given back")


def test_who_looks_at_a_case_is_told_and_leaves_no_row(supervision: OneService, case: Summoned) -> None:
    with listening(supervision) as told:
        for by in (DISTRICT, OFFICER):
            answer = supervision.ask("POST", f"/cases/{case.id}/looking", by)
            assert (answer.status, answer.raw) == (204, b"")
            heard = until(told, who=by.id)
            assert (heard["case"], heard["area"]) == (str(case.id), "cj.sanhe.honghu.g01")
            assert {*heard["departments"]} == {"chengguan", "zhujian"}
            assert heard["at"]


def test_whoever_may_not_see_a_case_cannot_say_that_they_look_at_it(supervision: OneService, case: Summoned) -> None:
    for by, status in ((ELSEWHERE, 404), (HEAD, 403), (None, 401)):
        assert supervision.ask("POST", f"/cases/{case.id}/looking", by).status == status
    assert supervision.ask("POST", f"/cases/{uuid4()}/looking", DISTRICT).status == 404


def test_a_lost_connection_is_made_again_and_said(supervision: OneService, case: Summoned) -> None:
    with listening(supervision) as told:
        execute(supervision.database, LISTENERS.replace("count(*)", "pg_terminate_backend(pid)"))
        assert until(told, **RESYNC)
        supervision.ask("POST", f"/cases/{case.id}/looking", DISTRICT)
        assert until(told, who=DISTRICT.id)
    assert supervision.ask("GET", "/readyz").body["parts"]["live"]["ok"]


def test_many_changes_at_once_and_what_is_too_long_are_told_as_one_word(
    supervision: OneService, case: Summoned
) -> None:
    copies = f"""INSERT INTO supervision.case_file SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 'copy'))).* FROM supervision.case_file AS one, generate_series(1, 150)
        WHERE id = '{case.id}'"""
    long = """UPDATE supervision.case_file SET departments = (SELECT jsonb_agg(repeat('x', 100))
        FROM generate_series(1, 100)) WHERE number = 'copy' AND id = (SELECT min(id::text)::uuid
        FROM supervision.case_file WHERE number = 'copy')"""
    with listening(supervision) as told:
        for change in (copies, long):
            execute(supervision.database, change)
            assert until(told, **RESYNC)
    execute(supervision.database, "DELETE FROM supervision.case_file WHERE number = 'copy'")
