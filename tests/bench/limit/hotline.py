"""Where the calls come from."""

from collections.abc import Sequence
from typing import Self

from shared.messaging.wire import Bell
from tests.bench.contest import Call
from tests.bench.limit.broker import BATCH, Broker
from tests.bench.limit.messages import HandedOver, encode


class Hotline:
    """Hands calls over; at its end all are confirmed. One thread at a time uses it."""

    def __init__(self, amqp_url: str) -> None:
        self._bell = Bell()
        self._broker = Broker(amqp_url, "hotline", self._bell)

    def send(self, calls: Sequence[Call]) -> None:
        """Publish these."""
        for start in range(0, len(calls), BATCH):
            messages = [handed_over(call) for call in calls[start : start + BATCH]]
            self._broker.send([(one.id, encode(one)) for one in messages])

    def __enter__(self) -> Self:
        self._bell.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._broker.wait_for_confirms()
        self._broker.close()
        self._bell.__exit__(*_)


def handed_over(call: Call) -> HandedOver:
    """The message that hands over this call; both have one id."""
    return HandedOver(call.id.hex, call.id.hex, call.reference, call.category, call.area, call.address, call.summary)
