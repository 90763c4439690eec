"""Plain nameko: its own consumers and publishers on a topic exchange, a greenthread for each message."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import ClassVar

from kombu.connection import Connection

from tests.bench.contest import Call
from tests.bench.peers.messages import HANDED_OVER
from tests.bench.peers.peer import Peer, Submit

EVENTS = "nameko.events"

# As its own command line does: the standard library is made green before anything else is imported.
RUN = "import eventlet; eventlet.monkey_patch(); from tests.bench.peers.nameko_app import main; main()"


class NamekoPeer(Peer):
    """Acknowledgement after the method, quorum queues; confirms and persistent messages are its default."""

    name: ClassVar[str] = "nameko"
    inbox: ClassVar[str] = "nameko_notice.summons"
    exchanges = (EVENTS,)

    def _command(self, _service: str) -> Sequence[str]:
        # psycopg's own way to wait would stop the whole process, not one greenthread.
        return ["env", "PSYCOPG_WAIT_FUNC=wait_select", sys.executable, "-W", "ignore", "-c", RUN]

    @contextmanager
    def _client(self) -> Iterator[Submit]:
        with Connection(self.amqp_url, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer()

            def submit(calls: Sequence[Call]) -> None:
                for call in calls:
                    producer.publish(
                        asdict(call), exchange=EVENTS, routing_key=HANDED_OVER, delivery_mode="persistent", retry=True
                    )

            yield submit
