"""A service that is told to stop in the middle of its work."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import urllib3

from tests.e2e.hotline import call, hand_over, summoned
from tests.e2e.whole import REPORT, Whole
from tests.support.eventually import eventually
from tools.client import Api
from tools.story.asking import CLERK

REQUESTS, BEFORE_THE_STOP = 200, 50
CASES = 'SELECT count(*) FROM intake."case"'


def tell_to_stop(whole: Whole, service: str) -> None:
    """SIGTERM, and wait until it has ended in good order and another process serves."""
    before, ended = whole.pid(service), f"{service}: ended (exit code 0), again in 0.5 s"
    times = whole.said.count(ended)
    os.kill(before, signal.SIGTERM)
    eventually(lambda: whole.said.count(ended) > times, 40, f"{service} ends in good order")
    eventually(lambda: whole.pid(service) != before, 40, f"{service} is started again")


def test_a_service_told_to_stop_answers_what_it_had_begun_and_nothing_else_takes_effect(whole: Whole) -> None:
    """As many cases as answers 201; the rest, asked again with the same keys, make one case each."""
    token, keys = whole.token(CLERK), [str(uuid4()) for _ in range(REQUESTS)]
    before = whole.count(CASES)
    intake, answers = Api(whole.system.address("intake")), Counter[int]()

    def register(key: str) -> tuple[str, int]:
        try:
            status, _ = intake.ask("POST", "/cases", REPORT, token=token, key=key)
        except urllib3.exceptions.HTTPError:  # its door was closed already
            status = 0
        answers[status] += 1
        return key, status

    def stop_in_the_middle() -> None:
        eventually(lambda: answers[201] > BEFORE_THE_STOP, 60, "so many are answered", 0.001)
        tell_to_stop(whole, "intake")

    with ThreadPoolExecutor(17) as pool:
        stopping = pool.submit(stop_in_the_middle)
        answered = dict(pool.map(register, keys))
        stopping.result()
    whole.serves("intake")
    assert set(answers) <= {0, 201, 503}
    assert answers[201] < REQUESTS
    assert whole.count(CASES) == before + answers[201]
    for key in (key for key, status in answered.items() if status != 201):
        assert intake.ask("POST", "/cases", REPORT, token=token, key=key)[0] == 201
    assert whole.count(CASES) == before + REQUESTS


def test_a_service_told_to_stop_among_messages_carries_out_each_once(whole: Whole) -> None:
    """What it had taken takes effect before it ends, the rest after its next start."""
    calls = [uuid4() for _ in range(300)]
    hand_over(whole, [call(one) for one in calls])
    eventually(lambda: summoned(whole, calls), 60, "the first are summoned", 0.001)
    tell_to_stop(whole, "dispatch")
    eventually(lambda: summoned(whole, calls) == len(calls), 60, "three departments are summoned to each", 0.2)
