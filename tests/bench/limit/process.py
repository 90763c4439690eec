"""One of the three: `python -m tests.bench.limit.process intake`, with `AMQP_URL` and `DATABASE_URL`.

What has come is taken together, written by one statement, and only then answered: what it says is published and what it
came from acknowledged, in one write. It ends at the first error: nothing is lost by that, and the next start goes on.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence

from psycopg.errors import UniqueViolation

from shared.messaging.wire import Bell
from tests.bench.limit.broker import BATCH, Broker, Delivery
from tests.bench.limit.database import Database
from tests.bench.limit.messages import decode
from tests.bench.limit.services import SERVICES, Written

COMPANY = 0.025  # seconds that the first message waits for others, as the system's own do
SWEEP = 0.2  # seconds without a batch after which confirmations are written by themselves


class Process:
    """One service at work, until `stop`."""

    def __init__(self, name: str, amqp_url: str, database_url: str) -> None:
        self._service = SERVICES[name]
        self._bell = Bell()
        self._stopping = False
        self._database = Database(database_url, self._service)
        self._broker = Broker(amqp_url, name, self._bell)

    def run(self) -> None:
        """Say what a predecessor left unsaid, then work."""
        with self._bell:
            self._broker.send(self._database.unsaid())
            self._broker.consume(self._service.name)
            while not self._stopping:
                self._step()
            self._broker.wait_for_confirms()
            self._database.said(self._broker.confirmed())
        self._broker.close()
        self._database.close()

    def stop(self, *_: object) -> None:
        self._stopping = True
        self._bell.ring()

    def _step(self) -> None:
        """One batch, if anything comes."""
        self._broker.wait(0 if self._broker.arrived() else SWEEP)
        if not self._broker.arrived():
            if said := self._broker.confirmed():
                self._database.said(said)
            return
        if self._broker.arrived() < BATCH:
            time.sleep(COMPANY)
        self._broker.hear()
        while self._broker.full:
            self._broker.wait(SWEEP)
        deliveries = self._broker.take(BATCH)
        self._broker.send(self._write(deliveries).to_say, deliveries)

    def _write(self, deliveries: Sequence[Delivery]) -> Written:
        """Write what these lead to; what was received before leads to nothing more."""
        messages = {message.id: message for message in (decode(one.body) for one in deliveries)}
        said = self._broker.confirmed()
        written = self._service.write(list(messages.values()), said)
        try:
            self._database.write(written)
        except UniqueViolation:
            known = self._database.received(list(messages))
            if not known:
                raise
            written = self._service.write([one for id, one in messages.items() if id not in known], said)
            self._database.write(written)
        return written


def main() -> None:
    """Work until SIGTERM."""
    [name] = sys.argv[1:]
    process = Process(name, os.environ["AMQP_URL"], os.environ["DATABASE_URL"])
    signal.signal(signal.SIGTERM, process.stop)
    process.run()


if __name__ == "__main__":
    main()
