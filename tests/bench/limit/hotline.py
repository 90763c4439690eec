"""Where the calls come from."""

from collections.abc import Sequence

from shared.messaging.wire import Bell
from tests.bench.contest import Call
from tests.bench.limit.broker import BATCH, Broker
from tests.bench.limit.messages import HandedOver, encode


def handed_over(call: Call) -> HandedOver:
    """The message that hands over this call; both have one id."""
    return HandedOver(call.id.hex, call.id.hex, call.reference, call.category, call.area, call.address, call.summary)


def hand_over(amqp_url: str, calls: Sequence[Call]) -> None:
    """Publish these calls, and wait until all are confirmed."""
    with Bell() as bell:
        hotline = Broker(amqp_url, "hotline", bell)
        for start in range(0, len(calls), BATCH):
            messages = [handed_over(call) for call in calls[start : start + BATCH]]
            hotline.send([(one.id, encode(one)) for one in messages])
        hotline.wait_for_confirms()
        hotline.close()
