"""PostgreSQL's disk is full: nothing is written, and whoever asks is told; with room, everything goes on by itself."""

import os
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest

from tests.bench.case import REPORT
from tests.faults.campaign import drained, field
from tests.faults.field import Field
from tests.faults.nemesis import full
from tests.support.eventually import eventually
from tools.client import Api, Json
from tools.servers.postgres import plain
from tools.story.asking import CLERK
from tools.story.stage import PASSWORD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]
CASES = 'SELECT count(*) FROM intake."case"'


class Clerk:
    """Registers cases, and is never patient."""

    def __init__(self, town: Field) -> None:
        self._town = town
        self._api = Api(town.system.url)
        person = self._api.person(CLERK, PASSWORD)
        person.get("/api/directory/me")
        self._token = person.token

    def register(self, key: str) -> tuple[int, Json]:
        """Status and answer."""
        return self._api.ask("POST", "/api/intake/cases", REPORT, token=self._token, key=key)

    def registered(self) -> int:
        """How many cases there are."""
        with psycopg.connect(plain(self._town.system.database_url)) as connection:
            row = connection.execute(CASES).fetchone()
        return int(row[0]) if row else 0


def test_a_full_disk_refuses_writes_and_nothing_is_half_done(say: Callable[[str], None]) -> None:
    """What was refused with 503 is done under the same key once there is room; no process was started again."""
    with field(say, small_disk=True) as town:
        assert town.disk is not None
        clerk, pids = Clerk(town), {name: town.pid(name) for name in town.processes}
        keys: list[str] = []

        def refused() -> Json:
            """Room on pages that are there already is filled first."""
            keys.append(str(uuid4()))
            status, answer = clerk.register(keys[-1])
            assert status in (201, 503), answer
            return answer if status == 503 else None

        def reason() -> str:
            said: str = Api(town.system.address("intake")).ask("GET", "/readyz")[1]["parts"]["database"]["detail"]
            return said

        with full(town.disk):
            problem = eventually(refused, 60, "intake refuses a case", 0.001)
            why = eventually(reason, what="intake says why")
            say(f"{problem['detail']} | {why}")
            assert problem["status"] == 503
            assert "space" in why
            assert clerk.registered() == len(keys) - 1
        eventually(lambda: clerk.register(keys[-1])[0] == 201, 60, "intake takes cases again", 0.1)
        assert [clerk.register(key)[0] for key in keys] == [201] * len(keys)
        assert clerk.registered() == len(keys)
        _, left = drained(town, 0, 60)
        assert not left
        assert {name: town.pid(name) for name in town.processes} == pids
