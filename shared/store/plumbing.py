"""The tables that every service's schema has beside its own: inbox, outbox and what is unsent of it, streams, cursors,
parked, references.
"""

from msgspec import Struct
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

WHEN = DateTime(timezone=True)


class Plumbing(Struct, frozen=True):
    """One service's tables for messages and replay."""

    inbox: Table
    outbox: Table
    unsent: Table
    stream: Table
    cursor: Table
    parked: Table
    reference: Table


def plumbing(metadata: MetaData) -> Plumbing:
    """Define the tables in this metadata's schema; call once in a service's `store/tables.py`."""
    return Plumbing(
        inbox=_inbox(metadata),
        outbox=_outbox(metadata),
        unsent=_unsent(metadata),
        stream=_stream(metadata),
        cursor=_cursor(metadata),
        parked=_parked(metadata),
        reference=_reference(metadata),
    )


def _inbox(metadata: MetaData) -> Table:
    """A request's key, what it asked (fingerprint) and what it was answered, so that a replay gets the first answer."""
    return Table(
        "inbox",
        metadata,
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("done_at", WHEN, nullable=False, server_default=func.now()),
        Index("inbox_done_at", "done_at"),
    )


def _outbox(metadata: MetaData) -> Table:
    """What was decided and goes out; rows stay, unchanged, a while after that, to be announced again if need be."""
    return Table(
        "outbox",
        metadata,
        Column("position", BigInteger, Identity(always=True), primary_key=True),
        Column("id", UUID(as_uuid=True), nullable=False),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("time", WHEN, nullable=False),
        Column("correlation", Text, nullable=False),
        Column("causation", Text, nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("data", LargeBinary, nullable=False),
        UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
        Index("outbox_time", "time"),
    )


def _unsent(metadata: MetaData) -> Table:
    """Which events of the outbox no broker has confirmed yet.

    A table of its own: marks in the outbox would write its long rows, with all their index entries, a second time.
    """
    return Table(
        "unsent",
        metadata,
        Column("id", UUID(as_uuid=True), primary_key=True),
        Column("position", BigInteger, nullable=False),
        Column("claimed_until", WHEN),
        Column("unroutable_at", WHEN),
        Index("unsent_position", "position"),
    )


def _stream(metadata: MetaData) -> Table:
    """How many events this service has announced about a subject."""
    return Table(
        "stream",
        metadata,
        Column("subject", Text, primary_key=True),
        Column("last", BigInteger, nullable=False),
    )


def _cursor(metadata: MetaData) -> Table:
    """How far a publisher's events about a subject were followed, and how many of them wait for an earlier one."""
    return Table(
        "cursor",
        metadata,
        Column("publisher", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        Column("waiting", Integer, nullable=False, server_default="0"),
    )


def _parked(metadata: MetaData) -> Table:
    """Messages without effect yet: `waiting` for an earlier one, or `parked` with a reason until somebody looks."""
    return Table(
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
        Column("since", WHEN, nullable=False, server_default=func.now()),
        UniqueConstraint("publisher", "subject", "sequence", name="parked_stream"),
        Index("parked_since", "state", "since"),
    )


def _reference(metadata: MetaData) -> Table:
    """The newest snapshot of each set of reference data that this service keeps."""
    return Table(
        "reference",
        metadata,
        Column("name", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("content", JSONB, nullable=False),
        Column("received_at", WHEN, nullable=False, server_default=func.now()),
    )
