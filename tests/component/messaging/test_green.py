"""As services run: in one process made green by eventlet, where nothing may hold the others up."""

import subprocess
import sys

GREEN = """
import eventlet
eventlet.monkey_patch()
import sys, threading
from tests.support.eventually import eventually
from tests.component.messaging.bench import receiving, relaying, submitted, take, numbers

beats = []
def beat():
    while True:
        beats.append(1)
        eventlet.sleep(0.01)
eventlet.spawn(beat)

with receiving(sys.argv[1]) as dispatch, relaying(sys.argv[1]) as relay:
    before = len(beats)
    eventually(lambda: len(beats) - before > 20, 0.5, "a beat beside an idle relay and subscription")
    for start in range(1, 2001, 200):
        relay.publish([submitted(number) for number in range(start, start + 200)])
        works = take(dispatch, 200)
        assert numbers(works) == list(range(start, start + 200))
        dispatch.settle(works)
    eventually(lambda: not relay.in_flight(), what="everything is confirmed")
    assert len(relay.sent()) == 2000
print("all arrived")
"""


def test_relay_and_subscription_share_a_green_process_with_others(vhost: str) -> None:
    """Two thousand events go out and come back while another greenthread keeps its beat."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", GREEN, vhost]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "all arrived"
