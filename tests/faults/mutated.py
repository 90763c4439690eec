"""A service in which one of the guarantees is broken on purpose, to show that the checker sees it.

`python -m tests.faults.mutated SERVICE MUTATION` serves it in the place of `whistle serve SERVICE`.
"""

from tools import serve  # first: it makes the process green before anything else is imported

# isort: split
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.engine.engine import Engine
from shared.engine.streams import Streams
from shared.engine.works import Announced, Message, Work
from shared.messaging.subscription import Subscription
from shared.store.changes import Changes
from shared.store.store import Transaction

ON_ITS_WAY = 0.05  # seconds in which the relay sends what it was given


def no_inbox() -> None:
    """Whatever comes again takes effect again: nothing is noted, and nothing is known."""
    written = Transaction.write

    def furthest(streams: Streams, message: Message) -> None:
        stream = (message.publisher, message.subject)
        streams.reached[stream] = max(streams.reached[stream], message.sequence)

    def write(transaction: Transaction, changes: Changes) -> list[Announced]:
        changes.claims = []
        return written(transaction, changes)

    replace(Transaction, "recall", lambda _transaction, _keys: {})
    replace(Transaction, "write", write)
    replace(Streams, "is_had", lambda _streams, _message: False)
    replace(Streams, "advance", furthest)


def announced_before_commit() -> None:
    """Events go to the broker while their transaction may still fail."""
    made, written = Engine.__init__, Transaction.write
    announcing: list[Callable[[Sequence[Announced]], None]] = []

    def make(engine: Engine, *parts: Any) -> None:
        made(engine, *parts)
        announcing.append(parts[3])

    def write(transaction: Transaction, changes: Changes) -> list[Announced]:
        rows = written(transaction, changes)
        if rows:
            announcing[-1](rows)
            time.sleep(ON_ITS_WAY)
        return rows

    replace(Engine, "__init__", make)
    replace(Transaction, "write", write)


def acknowledged_before_commit() -> None:
    """The broker forgets a message as soon as somebody has taken it."""
    taken = Subscription.take

    def take(subscription: Subscription, limit: int) -> list[Work]:
        works = taken(subscription, limit)
        if works:
            subscription.settle(works)
            time.sleep(ON_ITS_WAY)
        return works

    replace(Subscription, "take", take)


def replace(of: type[Any], name: str, by: Callable[..., Any]) -> None:
    """Of all of its kind, for as long as this process lives."""
    setattr(of, name, by)


MUTATIONS: Mapping[str, Callable[[], None]] = {
    "no-inbox": no_inbox,
    "announced-before-commit": announced_before_commit,
    "acknowledged-before-commit": acknowledged_before_commit,
}

if __name__ == "__main__":
    MUTATIONS[sys.argv[2]]()
    sys.exit(serve.main(sys.argv[1]))
