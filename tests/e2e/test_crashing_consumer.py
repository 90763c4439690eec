"""A consumer that crashes again and again with hundreds of messages before it."""

from uuid import uuid4

from sqlalchemy import text

from shared.messaging.topology import queue_name
from tests.e2e.hotline import call, hand_over, summoned, whistled
from tests.e2e.whole import Whole
from tests.support.eventually import eventually

CALLS, CRASHES = 300, 5
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'dispatch.case'::regclass"


def test_after_five_crashes_with_300_messages_in_hand_all_of_them_take_effect(whole: Whole) -> None:
    """None is parked, given up by the broker, or carried out twice."""
    calls = [uuid4() for _ in range(CALLS)]

    queue = queue_name("dispatch", "intake")

    def busy() -> bool:
        return whole.count(WAITS) > 0 and whole.consumed(queue)

    with whole.engine.begin() as nobody_writes_cases:
        nobody_writes_cases.execute(text('LOCK TABLE dispatch."case" IN EXCLUSIVE MODE'))
        hand_over(whole, [call(one) for one in calls])
        eventually(lambda: whistled(whole, calls) == CALLS, 60, "every whistle lies in the queue of dispatch")
        eventually(lambda: whole.ready(queue) == 0, what=f"all {CALLS} are with dispatch")
        for number in range(CRASHES):
            eventually(busy, 60, f"dispatch is in the middle of them, the {number + 1}. time", 0.02)
            whole.kill("dispatch")
    assert summoned(whole, calls) == 0
    eventually(lambda: summoned(whole, calls) == CALLS, 120, "three departments are summoned to each", 0.2)
    whole.settled()
    assert whole.count("SELECT count(*) FROM dispatch.assignment WHERE case_id = ANY(:calls)", calls=calls) == 3 * CALLS
