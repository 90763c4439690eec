"""What lies in a queue of the broker."""

from collections.abc import Iterator

import amqp

from shared.messaging.envelope import Envelope, apart, decode


def taken(channel: amqp.Channel, queue: str) -> Iterator[Envelope]:
    """Takes every event that lies there, those that share a message one after the other."""
    while message := channel.basic_get(queue, no_ack=True):
        yield from map(decode, apart(message.body))
