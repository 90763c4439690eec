"""FastStream: a process for each service, which subscribes to the others' events on a topic exchange."""

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from tests.bench.contest import Call
from tests.bench.peers.messages import HANDED_OVER
from tests.bench.peers.peer import Peer, Submit

EVENTS = "faststream.events"


class FastStreamPeer(Peer):
    """Acknowledgement after everything, quorum queues, persistent messages; confirms are its default."""

    name: ClassVar[str] = "faststream"
    inbox: ClassVar[str] = "faststream_notice.summons"
    exchanges = (EVENTS,)

    def _command(self, _service: str) -> Sequence[str]:
        return [sys.executable, "-m", "tests.bench.peers.faststream_app"]

    @contextmanager
    def _client(self) -> Iterator[Submit]:
        from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange

        broker = RabbitBroker(self.amqp_url, logger=None)
        exchange = RabbitExchange(EVENTS, type=ExchangeType.TOPIC, durable=True)

        async def publish(calls: Sequence[Call]) -> None:
            for call in calls:
                await broker.publish(call, exchange=exchange, routing_key=HANDED_OVER, persist=True)

        with _running_loop() as run:
            run(broker.connect())
            yield lambda calls: run(publish(calls))
            run(broker.stop())


@contextmanager
def _running_loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """A loop that runs on between two calls, so that the connection keeps its heartbeat."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
