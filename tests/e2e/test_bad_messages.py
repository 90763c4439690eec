"""Messages that nobody can read, among a thousand that everybody can."""

import re
from uuid import uuid4

from typer.testing import CliRunner

from tests.e2e.hotline import call, hand_over, summoned, whistled
from tests.e2e.whole import Whole
from tests.support.eventually import eventually
from tools.whistle import app

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def operator_types(whole: Whole, *arguments: str) -> str:
    """What `whistle parked …` prints."""
    environment = {"AMQP_URL": whole.system.amqp_url, "DATABASE_URL": whole.system.database_url, "COLUMNS": "250"}
    done = CliRunner().invoke(app, ["parked", *arguments], env=environment)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_thousand_calls_take_effect_once_and_what_cannot_be_read_is_parked_with_its_reason(whole: Whole) -> None:
    """No service is restarted; the operator finds the three bad ones, looks at them, and gives them up."""
    processes = whole.pids()
    calls = [uuid4() for _ in range(1000)]
    bodies = [call(one) for one in calls]
    bodies.insert(250, b"\x00 not a message")
    bodies.insert(500, call(uuid4(), type="call.forgotten.v1"))
    bodies.insert(750, call(uuid4(), type="call.handed_over.v9"))
    hand_over(whole, bodies)
    eventually(lambda: summoned(whole, calls) == 1000, 120, "three departments are summoned to each", 0.2)
    assert whistled(whole, calls) == 1000
    assert whole.pids() == processes

    def listed() -> dict[str, str]:
        lines = operator_types(whole, "list", "intake", "--state", "parked").splitlines()
        reasons = ("undecodable", "unknown-type", "future-version")
        return {
            reason: found[0] for reason in reasons for line in lines if reason in line and (found := ID.search(line))
        }

    parked = listed()
    assert set(parked) == {"undecodable", "unknown-type", "future-version"}
    assert "not a message" in operator_types(whole, "show", "intake", parked["undecodable"])
    assert "call.forgotten.v1" in operator_types(whole, "show", "intake", parked["unknown-type"])
    assert "known up to v1" in operator_types(whole, "show", "intake", parked["future-version"])
    operator_types(whole, "discard", "intake", *parked.values(), "--yes")
    assert "nothing is parked" in operator_types(whole, "list")
    whole.settled(within=240)  # supervision counts nine limits of each
