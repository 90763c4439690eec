"""What the relay, the sweep and the watch do to the outbox, in SQL."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, func
from sqlalchemy.dialects.postgresql import ARRAY, insert

from shared.store.changes import Announced, Trace
from shared.store.plumbing import Plumbing
from shared.store.removal import remove

CLAIM = timedelta(seconds=5)  # how long other replicas leave a row to the one that claimed it
FIRST_RETRY = timedelta(seconds=5)  # of what no queue took; then as long again as it has been waiting
LAST_RETRY = timedelta(minutes=10)
KEPT = timedelta(days=7)  # answers of requests
QUIET = timedelta(days=90)  # after its last event a case's stream is removed, whole


class Unsent(NamedTuple):
    """The events that no broker has confirmed: how many, when the oldest was decided, how many no queue took."""

    events: int
    oldest: datetime | None
    unroutable: int


def claim(
    connection: Connection, plumbing: Plumbing, limit: int, upto: int | None, passing: Collection[UUID]
) -> list[Announced]:
    """The oldest unsent events in their order, up to this position (None: all), kept from other replicas.

    What another replica claimed or locked, and what is in `passing`, is passed over.
    """
    outbox, unsent = plumbing.outbox, plumbing.unsent
    conditions = [
        sa.or_(unsent.c.claimed_until.is_(None), unsent.c.claimed_until < func.now()),
        unsent.c.id != sa.all_(_array(passing)),
    ]
    if upto is not None:
        conditions.append(unsent.c.position <= upto)
    joined = unsent.join(outbox, outbox.c.position == unsent.c.position)
    oldest = sa.select(unsent.c.id).select_from(joined).where(*conditions).order_by(unsent.c.position).limit(limit)
    claimed = oldest.with_for_update(skip_locked=True, of=unsent).cte("claimed")
    taken = sa.update(unsent).where(unsent.c.id == claimed.c.id).values(claimed_until=func.now() + CLAIM)
    positions = taken.returning(unsent.c.position).cte("taken")
    rows = sa.select(outbox).where(outbox.c.position == positions.c.position).order_by(outbox.c.position)
    return [_announced(row) for row in connection.execute(rows)]


def newest(connection: Connection, plumbing: Plumbing) -> int:
    """The greatest position of an unsent event; 0 if there is none."""
    return connection.scalar(sa.select(func.max(plumbing.unsent.c.position))) or 0


def mark_sent(connection: Connection, plumbing: Plumbing, ids: Collection[UUID]) -> None:
    """The broker confirmed these events."""
    unsent = plumbing.unsent
    connection.execute(sa.delete(unsent).where(unsent.c.id == sa.any_(_array(ids))))


def mark_unroutable(connection: Connection, plumbing: Plumbing, ids: Collection[UUID]) -> None:
    """No queue took these events: they stay unsent, and are tried again after a while that grows."""
    unsent = plumbing.unsent
    first = func.coalesce(unsent.c.unroutable_at, func.now())
    pause = func.least(func.greatest(func.now() - first, FIRST_RETRY), LAST_RETRY)
    marks = sa.update(unsent).where(unsent.c.id == sa.any_(_array(ids)))
    connection.execute(marks.values(unroutable_at=first, claimed_until=func.now() + pause))


def announce_again(connection: Connection, plumbing: Plumbing, subjects: Collection[str] | None) -> int:
    """Let every event about these subjects (None: about all) go out once more, and say how many.

    Subscribers pass over what they had.
    """
    outbox, unsent = plumbing.outbox, plumbing.unsent
    again = sa.select(outbox.c.id, outbox.c.position)
    if subjects is not None:
        again = again.where(outbox.c.subject == sa.any_(sa.literal(list(subjects), ARRAY(sa.Text))))
    put = insert(unsent).from_select(["id", "position"], again)
    put = put.on_conflict_do_update(index_elements=["id"], set_={"claimed_until": None})
    return connection.execute(put, execution_options={"preserve_rowcount": True}).rowcount


def going_out(connection: Connection, plumbing: Plumbing, subjects: Collection[str]) -> set[str]:
    """Those of these subjects of which an event is still on its way to the broker for the first time, or again.

    What no queue took is not on its way: it waits.
    """
    outbox, unsent = plumbing.outbox, plumbing.unsent
    query = sa.select(outbox.c.subject).join(unsent, unsent.c.position == outbox.c.position)
    about = outbox.c.subject == sa.any_(sa.literal(list(subjects), ARRAY(sa.Text)))
    return set(connection.scalars(query.where(about, unsent.c.unroutable_at.is_(None))))


def look_at_unsent(connection: Connection, plumbing: Plumbing) -> Unsent:
    """What no broker has confirmed yet."""
    outbox, unsent = plumbing.outbox, plumbing.unsent
    first = sa.select(func.min(unsent.c.position)).scalar_subquery()
    oldest = sa.select(outbox.c.time).where(outbox.c.position == first).scalar_subquery()
    query = sa.select(func.count(), oldest, func.count(unsent.c.unroutable_at)).select_from(unsent)
    return Unsent(*connection.execute(query).one())


def remove_sent(connection: Connection, plumbing: Plumbing, limit: int) -> int:
    """Remove the events of streams that have been quiet for long, at most `limit`, and say how many.

    A service that joins later needs a stream from its beginning: that of a case that is still open, and those of
    reference data for ever.
    """
    outbox, unsent, later = plumbing.outbox, plumbing.unsent, plumbing.outbox.alias("later")
    about_cases = outbox.c.subject.not_like("reference:%")
    waits = sa.exists().where(unsent.c.position == later.c.position)
    going_on = sa.or_(later.c.time >= func.now() - QUIET, waits)
    quiet = ~sa.exists().where(later.c.subject == outbox.c.subject, going_on)
    old = sa.and_(outbox.c.time < func.now() - QUIET, about_cases, quiet)
    return remove(connection, outbox.c.position, old, limit)


def remove_answers(connection: Connection, plumbing: Plumbing, limit: int) -> int:
    """Remove requests' answers that nobody asks for again, at most `limit`, and say how many."""
    inbox = plumbing.inbox
    return remove(connection, inbox.c.key, inbox.c.done_at < func.now() - KEPT, limit)


def _array(ids: Collection[UUID]) -> sa.ColumnElement[Any]:
    return sa.literal(list(ids), ARRAY(sa.Uuid()))


def _announced(row: sa.Row[Any]) -> Announced:
    trace = Trace(row.correlation, row.causation, row.traceparent)
    return Announced(row.id, row.type, row.subject, row.sequence, row.time, trace, row.data)
