"""Declares the whole system's exchanges and queues, from the one table; every service does before it publishes.

Type, delivery limit, dead-lettering and overflow are all named, so that RabbitMQ 3.10 and 4 behave alike.
"""

from typing import Any

import amqp
from amqp.exceptions import PreconditionFailed

from shared.messaging.topology import DEAD_LETTERS, DELIVERY_LIMIT, EXCHANGE, FOLLOWS, dead_letter_queue, queue_name

UNLIMITED = 2**31 - 1  # deliveries: a dead letter that is dropped would be lost (RabbitMQ 4 drops it after 20)


class Mismatch(Exception):
    """An exchange or queue of this name exists and is not as this version declares it. Delete it, or upgrade."""


def declare(channel: amqp.Channel) -> None:
    """Declare everything; what is there already and equal stays as it is. `Mismatch` where it is not equal."""
    try:
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.exchange_declare(DEAD_LETTERS, "direct", durable=True, auto_delete=False)
        for subscriber, publishers in FOLLOWS.items():
            if publishers:
                declare_dead_letters(channel, subscriber)
            for publisher in publishers:
                declare_queue(channel, subscriber, publisher)
    except PreconditionFailed as error:
        raise Mismatch(str(error.reply_text)) from error


def declare_queue(channel: amqp.Channel, subscriber: str, publisher: str) -> None:
    """The queue by which one service follows another."""
    queue = queue_name(subscriber, publisher)
    _quorum(
        channel,
        queue,
        {
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_LETTERS,
            "x-dead-letter-routing-key": dead_letter_queue(subscriber),
            "x-dead-letter-strategy": "at-least-once",
        },
    )
    channel.queue_bind(queue, EXCHANGE, f"{publisher}.#")


def declare_dead_letters(channel: amqp.Channel, subscriber: str) -> None:
    """Where the broker puts what this service was given too often."""
    queue = dead_letter_queue(subscriber)
    _quorum(channel, queue, {"x-delivery-limit": UNLIMITED})
    channel.queue_bind(queue, DEAD_LETTERS, queue)


def _quorum(channel: amqp.Channel, queue: str, arguments: dict[str, Any]) -> None:
    fixed = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
    channel.queue_declare(queue, durable=True, exclusive=False, auto_delete=False, arguments=fixed | arguments)
