"""The tables that every service's schema has beside its own: inbox, outbox, streams, cursors, parked, references."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID


@dataclass(frozen=True, slots=True)
class Plumbing:
    """One service's tables for messages and replay."""

    inbox: Table
    outbox: Table
    stream: Table
    cursor: Table
    parked: Table
    reference: Table


def plumbing(metadata: MetaData) -> Plumbing:
    """Define the tables in this metadata's schema; call once in a service's `store/tables.py`."""
    when = DateTime(timezone=True)
    return Plumbing(
        # A request's key, what it asked (fingerprint) and what it was answered, so that a replay gets the first answer.
        inbox=Table(
            "inbox",
            metadata,
            Column("key", Text, primary_key=True),
            Column("fingerprint", LargeBinary, nullable=False),
            Column("status", Integer, nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("done_at", when, nullable=False, server_default=func.now()),
            Index("inbox_done_at", "done_at"),
        ),
        # What was decided and must go out. Rows stay for a while after they were sent, so that they can be announced
        # again.
        outbox=Table(
            "outbox",
            metadata,
            Column("id", UUID(as_uuid=True), primary_key=True),
            Column("position", BigInteger, Identity(always=True), nullable=False),
            Column("type", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("sequence", BigInteger, nullable=False),
            Column("time", when, nullable=False),
            Column("correlation", Text, nullable=False),
            Column("causation", Text, nullable=False),
            Column("traceparent", Text, nullable=False),
            Column("data", LargeBinary, nullable=False),
            Column("sent_at", when),
            Column("claimed_until", when),
            Column("unroutable_at", when),
            UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
            Index("outbox_unsent", "position", postgresql_where="sent_at IS NULL"),
            Index("outbox_sent_at", "sent_at"),
        ),
        # How many events this service has announced about a subject.
        stream=Table(
            "stream",
            metadata,
            Column("subject", Text, primary_key=True),
            Column("last", BigInteger, nullable=False),
        ),
        # How far this service has followed a publisher's events about a subject, and how many of them wait for an
        # earlier one.
        cursor=Table(
            "cursor",
            metadata,
            Column("publisher", Text, primary_key=True),
            Column("subject", Text, primary_key=True),
            Column("sequence", BigInteger, nullable=False),
            Column("waiting", Integer, nullable=False, server_default="0"),
        ),
        # Messages that could not take effect: `waiting` for an earlier one, or `parked` with a reason until somebody
        # looks.
        parked=Table(
            "parked",
            metadata,
            Column("id", UUID(as_uuid=True), primary_key=True),
            Column("state", Text, nullable=False),
            Column("queue", Text, nullable=False),
            Column("publisher", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("sequence", BigInteger),
            Column("reason", Text, nullable=False),
            Column("detail", Text, nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("since", when, nullable=False, server_default=func.now()),
            UniqueConstraint("publisher", "subject", "sequence", name="parked_stream"),
            Index("parked_since", "state", "since"),
        ),
        # The newest snapshot of each set of reference data that this service keeps.
        reference=Table(
            "reference",
            metadata,
            Column("name", Text, primary_key=True),
            Column("version", Integer, nullable=False),
            Column("content", JSONB, nullable=False),
            Column("received_at", when, nullable=False, server_default=func.now()),
        ),
    )
