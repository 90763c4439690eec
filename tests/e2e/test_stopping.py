"""A service that is told to stop in the middle of its work."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.e2e.hotline import call, hand_over, summoned
from tests.e2e.whole import POSTGRES, REPORT, Whole
from tests.support.eventually import eventually
from tools.client import Api
from tools.story.asking import CLERK

MANY = 50
CASES = 'SELECT count(*) FROM intake."case"'


def test_a_service_told_to_stop_answers_what_it_had_begun(whole: Whole) -> None:
    """Fifty requests wait for the database when SIGTERM comes: each makes its case, and only once."""
    token, keys = whole.token(CLERK), [str(uuid4()) for _ in range(MANY)]
    intake, before, ended = Api(whole.system.address("intake")), whole.count(CASES), whole.ended_well("intake")

    def register(key: str) -> tuple[int, str]:
        status, case = intake.ask("POST", "/cases", REPORT, token=token, key=key)
        return status, case["id"]

    with ThreadPoolExecutor(MANY) as pool:
        whole.freeze(POSTGRES)
        answers = pool.map(register, keys)
        eventually(lambda: whole.metric("intake", "whistle_http_requests_in_flight") > MANY, what="all have begun")
        os.kill(whole.pid("intake"), signal.SIGTERM)
        eventually(lambda: whole.is_closed("intake"), what="nobody else is let in", every=0.01)
        whole.thaw(POSTGRES)
        first = list(answers)
    assert [status for status, _ in first] == [201] * MANY
    eventually(lambda: whole.ended_well("intake") > ended, 40, "intake ends in good order")
    whole.serves("intake")
    assert [register(key) for key in keys] == first
    assert whole.count(CASES) == before + MANY


def test_a_service_told_to_stop_among_messages_carries_out_each_once(whole: Whole) -> None:
    """What it had taken takes effect before it ends, the rest after its next start."""
    calls = [uuid4() for _ in range(300)]
    hand_over(whole, [call(one) for one in calls])
    eventually(lambda: summoned(whole, calls), 60, "the first are summoned", 0.001)
    ended = whole.ended_well("dispatch")
    os.kill(whole.pid("dispatch"), signal.SIGTERM)
    eventually(lambda: whole.ended_well("dispatch") > ended, 40, "dispatch ends in good order")
    eventually(lambda: summoned(whole, calls) == len(calls), 60, "three departments are summoned to each", 0.2)
