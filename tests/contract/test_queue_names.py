"""The names of the queues are promises too: what lies in a renamed queue is stranded."""

from shared.messaging.topology import DEAD_LETTERS, EXCHANGE, FOLLOWS, dead_letter_queue, queue_name

QUEUES = {
    "closure.dead-letters",
    "closure.follows.directory",
    "closure.follows.dispatch",
    "closure.follows.intake",
    "closure.follows.supervision",
    "dispatch.dead-letters",
    "dispatch.follows.closure",
    "dispatch.follows.directory",
    "dispatch.follows.intake",
    "dispatch.follows.notice",
    "dispatch.follows.supervision",
    "enforcement.dead-letters",
    "enforcement.follows.directory",
    "enforcement.follows.dispatch",
    "intake.dead-letters",
    "intake.follows.closure",
    "intake.follows.directory",
    "intake.follows.dispatch",
    "intake.follows.hotline",
    "notice.dead-letters",
    "notice.follows.directory",
    "notice.follows.dispatch",
    "notice.follows.supervision",
    "supervision.dead-letters",
    "supervision.follows.closure",
    "supervision.follows.directory",
    "supervision.follows.dispatch",
    "supervision.follows.enforcement",
    "supervision.follows.intake",
    "supervision.follows.notice",
}


def test_queue_names_are_pinned() -> None:
    """A new queue is added here; an old one is emptied before its name goes away."""
    following = {queue_name(one, other) for one, publishers in FOLLOWS.items() for other in publishers}
    assert following | {dead_letter_queue(one) for one, publishers in FOLLOWS.items() if publishers} == QUEUES


def test_exchange_names_are_pinned() -> None:
    """The hotline publishes to one of them."""
    assert (EXCHANGE, DEAD_LETTERS) == ("whistle.events", "whistle.dead-letters")
