"""What the simulation must find: each breaks one of the guarantees on purpose, in the simulated system only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from shared.engine.streams import Streams
from shared.engine.works import Message, Work
from shared.messaging.subscription import Subscription
from tests.simulation.books import SimulatedStore, SimulatedTransaction


@contextmanager
def no_inbox() -> Iterator[None]:
    """Whatever comes again takes effect again: no request is recalled, no message known as had."""

    def furthest(streams: Streams, message: Message) -> None:
        stream = (message.publisher, message.subject)
        streams.reached[stream] = max(streams.reached[stream], message.sequence)

    with (
        patch.object(SimulatedTransaction, "recall", lambda *_: {}),
        patch.object(Streams, "is_had", lambda *_: False),
        patch.object(Streams, "advance", furthest),
    ):
        yield


@contextmanager
def announced_before_commit() -> Iterator[None]:
    """Events go to the broker while their transaction may still fail."""
    committed = SimulatedStore.transaction

    @contextmanager
    def transaction(store: SimulatedStore) -> Iterator[SimulatedTransaction]:
        with committed(store) as begun:
            yield begun
            announcing: Any = begun.books.world.current
            announcing.home.room.relay.publish(begun.numbered)

    with patch.object(SimulatedStore, "transaction", transaction):
        yield


@contextmanager
def acknowledged_before_commit() -> Iterator[None]:
    """The broker forgets a message as soon as somebody has taken it."""
    taken = Subscription.take

    def take(subscription: Subscription, limit: int) -> Sequence[Work]:
        works = taken(subscription, limit)
        subscription.settle(works)
        return works

    with patch.object(Subscription, "take", take):
        yield


MUTATIONS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "no-inbox": no_inbox,
    "announced-before-commit": announced_before_commit,
    "acknowledged-before-commit": acknowledged_before_commit,
}
