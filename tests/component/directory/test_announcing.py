"""What `whistle load` leaves in the outbox reaches the other services when the directory runs."""

from pathlib import Path
from urllib.parse import urlsplit

import amqp
import msgspec

from shared.contracts.directory import ReferencePublishedV1
from shared.messaging.topology import FOLLOWS, queue_name
from tests.support.eventually import eventually
from tests.support.one_service import running
from tests.support.queues import taken
from tests.support.tables import rows

UNSENT = "SELECT count(*) FROM directory.unsent"


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
    """Every event in a queue."""
    parts = urlsplit(url)
    with amqp.Connection(
        f"{parts.hostname}:{parts.port}", parts.username, parts.password, virtual_host=parts.path.removeprefix("/")
    ) as connection:
        return [msgspec.json.decode(one.data, type=ReferencePublishedV1) for one in taken(connection.channel(), queue)]
