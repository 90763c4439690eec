"""Enforcement's tables, and which aggregate lies in which. Columns are named as the aggregates' fields."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.enforcement.domain.assignment import Assignment
from services.enforcement.domain.evidence import Custody, Evidence, Upload
from services.enforcement.domain.record import Record
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="enforcement")
plumbing = shared_tables(metadata)

ID = UUID(as_uuid=True)
WHEN = DateTime(timezone=True)
ENDED = ("concluded", "transferred")

assignment = Table(
    "assignment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

record = Table(
    "record",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False, index=True),
    Column("assignment_id", ID, nullable=False, index=True),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("officers", JSONB, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", WHEN, nullable=False),
    Column("state", Text, nullable=False),
    Column("checks", JSONB, nullable=False),
    Column("orders", JSONB, nullable=False),
    Column("recusals", JSONB, nullable=False),
    Column("conclusion", JSONB),
    Column("version", Integer, nullable=False),
    Index("record_opened_at", "opened_at", "id"),
    Index("record_department", "department", "opened_at", "id"),
    Index("record_state", "state", "opened_at", "id"),
    Index("record_open", "department", "opened_at", "id", postgresql_where=text(f"state NOT IN {ENDED}")),
)

upload = Table(
    "upload",
    metadata,
    Column("id", ID, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("received_at", WHEN, nullable=False),
    Column("version", Integer, nullable=False),
)

# The migration lets nobody change what was received, nor remove a row.
evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("record_id", ID, nullable=False),
    Column("case_id", ID, nullable=False),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("taken_at", WHEN),
    Column("spot", JSONB),
    Column("received_by", Text, nullable=False),
    Column("received_at", WHEN, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", WHEN, nullable=False),
    Column("use", Text, nullable=False),
    Column("use_reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("record_id", "sha256", name="evidence_once_a_record"),
)

# The migration lets nobody change or remove a row.
custody = Table(
    "custody",
    metadata,
    Column("id", ID, primary_key=True),
    Column("evidence_id", ID, nullable=False),
    Column("handling", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", WHEN, nullable=False),
    Column("note", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("custody_evidence", "evidence_id", "at", "id"),
)

# In the order in which rows are locked.
AGGREGATES: dict[type, Table] = {
    Assignment: assignment,
    Record: record,
    Evidence: evidence,
    Upload: upload,
    Custody: custody,
}
