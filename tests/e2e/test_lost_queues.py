"""A subscriber's queue is deleted, with a summons in it or before one."""

from shared.messaging.topology import queue_name
from tests.e2e.whole import DEPARTMENTS, Whole
from tests.support.eventually import eventually
from tools.client import Json

WITHIN = 60.0  # seconds; an announcement counts as late after 15


def lose(whole: Whole, publisher: str, event: str, subscriber: str) -> Json:
    """A case of which one event is lost: its subscriber crashes, and the queue is deleted with what was in it."""
    before = whole.announced(publisher, event, confirmed=True)
    whole.freeze(subscriber)
    case = whole.whistle()
    eventually(lambda: whole.announced(publisher, event, confirmed=True) > before, 30, f"{event} lies in the queue")
    whole.delete_queue(queue_name(subscriber, publisher))
    whole.kill(subscriber)
    assert whole.count("SELECT count(*) FROM notice.summons WHERE case_id = CAST(:id AS uuid)", id=case["id"]) == 0
    return case


def test_a_summons_lost_with_its_queue_is_announced_again_and_arrives(whole: Whole) -> None:
    """Lost before dispatch or before notice: each department finds it once, and the operator is told."""
    before_notice = lose(whole, "dispatch", "case.dispatched.v1", "notice")
    before_dispatch = lose(whole, "intake", "case.whistled.v1", "dispatch")
    whole.serves("dispatch", "notice")
    for case, publisher in ((before_notice, "dispatch"), (before_dispatch, "intake")):
        eventually(lambda case=case: whole.inboxes(case) == dict.fromkeys(DEPARTMENTS, 1), WITHIN, "it arrives")  # type: ignore[misc]  # binds this round's case
        assert case["id"] in [line["subject"] for line in whole.logged(publisher, "announced again")]
        assert whole.metric(publisher, "whistle_announced_again_total") >= 1


def test_a_queue_deleted_before_its_subscriber_s_eyes_is_made_again(whole: Whole) -> None:
    """The next summons comes through it, without waiting for an announcement in vain."""
    queue, again = queue_name("notice", "dispatch"), "whistle_announced_again_total"
    before = whole.metric("dispatch", again)
    whole.delete_queue(queue)
    eventually(lambda: queue in [line["queue"] for line in whole.logged("notice", "queue deleted")], what="it is told")
    eventually(lambda: whole.consumed(queue), what="notice follows dispatch again")
    case = whole.whistle()
    eventually(lambda: whole.inboxes(case) == dict.fromkeys(DEPARTMENTS, 1), what="the summonses arrive")
    assert whole.metric("dispatch", again) == before
