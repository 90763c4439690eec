"""Who follows whom: the one table of the whole system, which every service declares before it publishes.

A service follows a publisher through one durable queue with a fixed name, and takes every event type of it; what it
does not need only moves its cursor. So a publisher's events never meet a missing queue, whoever starts first.
"""

EXCHANGE = "whistle.events"
DEAD_LETTERS = "whistle.dead-letters"
BATCH = "batch"  # instead of an event's type in the routing key of several events together
DELIVERY_LIMIT = 100  # the last resort; the engine finds poison long before

FOLLOWS: dict[str, tuple[str, ...]] = {
    "directory": (),
    "intake": ("hotline", "directory", "dispatch", "closure"),
    "dispatch": ("directory", "intake", "closure", "notice", "supervision"),
    "enforcement": ("directory", "dispatch"),
    "closure": ("directory", "intake", "dispatch", "supervision"),
    "supervision": ("directory", "intake", "dispatch", "enforcement", "closure", "notice"),
    "notice": ("directory", "dispatch", "supervision"),
    "gateway": (),
}


def is_followed(publisher: str) -> bool:
    """Whether anybody follows this publisher; if nobody does, its events need not arrive anywhere."""
    return any(publisher in publishers for publishers in FOLLOWS.values())


def queue_name(subscriber: str, publisher: str) -> str:
    """The queue by which `subscriber` follows `publisher`, such as `dispatch.follows.intake`."""
    return f"{subscriber}.follows.{publisher}"


def dead_letter_queue(subscriber: str) -> str:
    """Where the broker puts what this subscriber was given too often."""
    return f"{subscriber}.dead-letters"
