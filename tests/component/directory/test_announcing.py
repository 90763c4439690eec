"""What `whistle load` leaves in the outbox reaches the other services when the directory runs."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import msgspec

from shared.contracts.directory import ReferencePublishedV1
from shared.messaging.envelope import Envelope
from shared.messaging.topology import FOLLOWS, queue_name
from tests.support.eventually import eventually
from tests.support.one_service import running
from tests.support.tables import rows

UNSENT = "SELECT count(*) FROM directory.outbox WHERE sent_at IS NULL"


def test_a_town_that_was_loaded_reaches_every_follower(loaded: str, vhost: str, tmp_path: Path) -> None:
    """Each set, whole and readable, in every queue; then nothing is left to send."""
    with running("directory", loaded, vhost, tmp_path):
        eventually(lambda: rows(loaded, UNSENT) == [(0,)], within=30, what="everything is announced")
    announced = dict(rows(loaded, "SELECT id, version FROM directory.dataset"))
    del announced["responsible"]
    for follower in (one for one, publishers in FOLLOWS.items() if "directory" in publishers):
        events = received(vhost, queue_name(follower, "directory"))
        assert {event.name: event.version for event in events} == announced
        assert {event.name: len(event.content) for event in events}["areas"] == 55


def received(url: str, queue: str) -> list[ReferencePublishedV1]:
    """Every message of a queue."""
    parts = urlsplit(url)
    with amqp.Connection(
        f"{parts.hostname}:{parts.port}", parts.username, parts.password, virtual_host=parts.path.removeprefix("/")
    ) as connection:
        messages: list[Any] = []
        while message := connection.channel().basic_get(queue, no_ack=True):
            messages.append(message)
    envelopes = [msgspec.json.decode(message.body, type=Envelope) for message in messages]
    return [msgspec.json.decode(envelope.data, type=ReferencePublishedV1) for envelope in envelopes]
