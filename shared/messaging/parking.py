"""What somebody does about messages that could not take effect: look, give them once more, or give them up.

Both ways out hold the stream's cursor locked meanwhile, so that the engine cannot meet the message half-way, and commit
only after the broker has confirmed: a crash in between delivers twice, which the cursor makes harmless.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import amqp
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql import insert

from shared.messaging.declare import declare
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.relay import PERSISTENT
from shared.messaging.wire import connect
from shared.store.pages import page
from shared.store.plumbing import Plumbing

WAITS = ("waiting", "predecessor-missing")  # reasons that end by themselves when the earlier message comes


class NotParked(LookupError):
    """No such message lies in this service's parking table."""


class OutOfTurn(Exception):
    """An earlier message of the same stream lies in the parking table: settle that one, `first`, before."""

    def __init__(self, first: UUID, said: str) -> None:
        super().__init__(said)
        self.first = first


class Parked(NamedTuple):
    """A message in the parking table: `state` is waiting or parked; `sequence` is None if it was unreadable."""

    id: UUID
    state: str
    queue: str
    publisher: str
    subject: str
    sequence: int | None
    reason: str
    detail: str
    body: bytes
    since: datetime

    @property
    def text(self) -> str:
        """The body for people: its JSON with indents, or its bytes as Python writes them."""
        try:
            return json.dumps(json.loads(self.body), ensure_ascii=False, indent=2)
        except ValueError:
            return repr(self.body)


Put = Callable[[bytes, str], None]


class Post:
    """Puts stored messages into queues again, each confirmed by the broker; raises `wire.LOST` if it cannot."""

    def __init__(self, url: str) -> None:
        self._wire = connect(url, "whistle parked")
        declare(self._wire.channel)

    def put(self, body: bytes, queue: str) -> None:
        """Put this body into this queue and wait for the confirmation."""
        message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=PERSISTENT)
        self._wire.channel.basic_publish_confirm(message, "", queue, mandatory=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()


def list_parked(connection: Connection, plumbing: Plumbing, *, state: str = "", limit: int = 200) -> list[Parked]:
    """What lies there (in this state, if one is named), the oldest first."""
    parked = plumbing.parked
    query = _select(plumbing).order_by(parked.c.since, parked.c.sequence, parked.c.id).limit(limit)
    if state:
        query = query.where(parked.c.state == state)
    return [Parked._make(row) for row in connection.execute(query)]


def page_parked(connection: Connection, plumbing: Plumbing, limit: int, after: str, state: str = "") -> dict[str, Any]:
    """A page of the same, as `shared.store.pages` has it, without what the messages say."""
    parked = plumbing.parked
    shown = sa.select(*(parked.c[name] for name in Parked._fields if name not in ("detail", "body")))
    alike = [(parked.c.state, state)] if state else []
    return page(connection, shown, (parked.c.since, parked.c.id), limit, after, rising=True, alike=alike)


def show(connection: Connection, plumbing: Plumbing, id: UUID) -> Parked:
    """One message; `NotParked` if it is not there (any more)."""
    row = connection.execute(_select(plumbing).where(plumbing.parked.c.id == id)).one_or_none()
    if row is None:
        raise NotParked(str(id))
    return Parked._make(row)


def replay(engine: Engine, plumbing: Plumbing, put: Put, id: UUID, *, without_predecessors: bool = False) -> Parked:
    """Give the message to its subscriber once more, unchanged. If it fails again, it is parked again.

    With `without_predecessors` it need not wait any longer for earlier messages that never came: they are given up.
    """
    with engine.begin() as connection:
        message = _take(connection, plumbing, id)
        if without_predecessors and message.sequence is not None:
            _expect_first(connection, plumbing, message)
            _pass(connection, plumbing, message, message.sequence - 1)
        put(message.body, message.queue)
    return message


def discard(engine: Engine, plumbing: Plumbing, put: Put, id: UUID) -> Parked:
    """Give the message up. Its stream goes on after it: what waited takes effect."""
    with engine.begin() as connection:
        message = _take(connection, plumbing, id)
        if message.sequence is not None:
            _expect_first(connection, plumbing, message)
            _pass(connection, plumbing, message, message.sequence)
            # The next one starts the others: the engine takes up in the same batch whatever waits behind it.
            if (following := _following(connection, plumbing, message)) is not None:
                put(following.body, following.queue)
    return message


def _take(connection: Connection, plumbing: Plumbing, id: UUID) -> Parked:
    """The message, removed; its stream's cursor is locked first, as the engine does."""
    parked, cursor = plumbing.parked, plumbing.cursor
    message = show(connection, plumbing, id)
    connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
    stream = sa.and_(cursor.c.publisher == message.publisher, cursor.c.subject == message.subject)
    connection.execute(sa.select(cursor.c.sequence).where(stream).with_for_update())
    if connection.execute(sa.delete(parked).where(parked.c.id == id)).rowcount == 0:
        raise NotParked(str(id))
    return message


def _expect_first(connection: Connection, plumbing: Plumbing, message: Parked) -> None:
    parked = plumbing.parked
    earlier = _select(plumbing).where(*_same_stream(plumbing, message), parked.c.sequence < message.sequence)
    if (row := connection.execute(earlier.order_by(parked.c.sequence).limit(1)).one_or_none()) is not None:
        raise OutOfTurn(
            row.id, f"{row.id} (number {row.sequence}) comes before {message.id} (number {message.sequence})"
        )


def _following(connection: Connection, plumbing: Plumbing, message: Parked) -> Parked | None:
    parked = plumbing.parked
    waiting = _select(plumbing).where(*_same_stream(plumbing, message), parked.c.reason.in_(WAITS))
    row = connection.execute(waiting.order_by(parked.c.sequence).limit(1)).one_or_none()
    return None if row is None else Parked._make(row)


def _pass(connection: Connection, plumbing: Plumbing, message: Parked, sequence: int) -> None:
    """Move the stream's cursor to at least this number."""
    cursor = plumbing.cursor
    new = insert(cursor).values(publisher=message.publisher, subject=message.subject, sequence=sequence)
    furthest = sa.func.greatest(cursor.c.sequence, new.excluded.sequence)
    connection.execute(new.on_conflict_do_update(index_elements=["publisher", "subject"], set_={"sequence": furthest}))


def _same_stream(plumbing: Plumbing, message: Parked) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return plumbing.parked.c.publisher == message.publisher, plumbing.parked.c.subject == message.subject


def _select(plumbing: Plumbing) -> sa.Select[Any]:
    return sa.select(*(plumbing.parked.c[name] for name in Parked._fields))
