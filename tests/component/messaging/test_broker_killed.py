"""The broker's process is killed in the middle, and comes back: nothing is lost, nobody has to be restarted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.messaging.relay import Relay
from shared.messaging.sweep import Sweep
from tests.component.messaging.bench import BY_INTAKE, Books, numbers, ready, receiver, running, submitted, tables
from tests.support.eventually import eventually
from tools.servers.rabbitmq import PrivateRabbitMQ

EVENTS = 3_000


@contextmanager
def closing_down(broker: PrivateRabbitMQ) -> Iterator[None]:
    """Whatever happens, it is stopped."""
    try:
        yield
    finally:
        broker.stop()


def test_services_wait_for_the_broker_and_outlive_it(tmp_path: Path, books: Books, say: Callable[[str], None]) -> None:
    """They start before it; it is killed in the middle of 3,000 events; all of them arrive after its restart."""
    broker = PrivateRabbitMQ(tmp_path, say=say)
    relay, dispatch = Relay(broker.url, "intake"), receiver(broker.url)
    books.announce(*(submitted(number) for number in range(1, EVENTS + 1)))
    arrived: set[int] = set()

    def receive() -> None:
        works = eventually(lambda: dispatch.take(200), what="more messages")
        dispatch.settle(works)
        arrived.update(numbers(works))

    with closing_down(broker), running(relay, dispatch, Sweep(books.engine, tables, relay)):
        eventually(lambda: "refused" in relay.line.reason.lower(), what="the relay has tried in vain")
        broker.start()
        receive()
        broker.kill()
        eventually(lambda: relay.line.away_since and dispatch.line.away_since, what="both noticed")
        relay.publish([submitted(EVENTS + 1)])
        assert not relay.in_flight()
        broker.start()
        while len(arrived) < EVENTS:
            receive()
        eventually(lambda: books.unsent() == 0, what="every event is marked as sent")
        assert ready(broker.url, BY_INTAKE) == 0
    assert arrived == set(range(1, EVENTS + 1))
