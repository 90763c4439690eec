"""Intake's tables, and which aggregate lies in which."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Float, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.intake.domain.case import Case
from services.intake.domain.complaint import Complaint
from services.intake.domain.disclosure import Disclosure
from services.intake.domain.progress import Progress
from services.intake.domain.upload import Upload
from shared.access.filters import community_of
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="intake")
plumbing = shared_tables(metadata)

ID = UUID(as_uuid=True)
WHEN = DateTime(timezone=True)

case = Table(
    "case",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("address", Text, nullable=False),
    Column("home", Boolean, nullable=False),
    Column("ongoing", Boolean, nullable=False, server_default=text("false")),
    Column("summary", Text, nullable=False),
    Column("tried", Text, nullable=False),
    Column("attachments", JSONB, nullable=False),
    Column("author", Text, nullable=False),
    Column("tracking_digest", Text, nullable=False),
    Column("registered_at", WHEN, nullable=False),
    Column("submission", JSONB),
    Column("review", JSONB),
    Column("emergency", Boolean, nullable=False),
    Column("whistled_at", WHEN),
    Column("solution", JSONB),
    Column("withdrawal", JSONB),
    Column("into", ID),
    Column("reference", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("case_number", "number", unique=True),
    Index("case_tracking_digest", "tracking_digest", unique=True, postgresql_where="tracking_digest <> ''"),
    Index("case_registered_at", "registered_at", "id"),
    Index("case_category", "category", "registered_at"),
    Index("case_state", "state", "registered_at", "id"),
    Index("case_into", "into", postgresql_where='"into" IS NOT NULL'),
)
Index("case_community", community_of(case.c.area), case.c.registered_at, case.c.id)
Index("case_community_category", community_of(case.c.area), case.c.category, case.c.registered_at)

complaint = Table(
    "complaint",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    Column("id", ID, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("stage_since", WHEN, nullable=False),
    Column("whistled_at", WHEN, nullable=False),
    Column("confirmed_at", WHEN),
    Column("departments", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index("progress_unconfirmed", "whistled_at", postgresql_where="confirmed_at IS NULL"),
)

disclosure = Table(
    "disclosure",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("area", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", WHEN, nullable=False),
    Column("version", Integer, nullable=False),
    Index("disclosure_at", "at", "id"),
    Index("disclosure_case_id", "case_id"),
)

upload = Table(
    "upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("uploaded_at", WHEN, nullable=False),
    Column("senders", JSONB, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

AGGREGATES: dict[type[Any], Table] = {
    Case: case,
    Complaint: complaint,
    Progress: progress,
    Disclosure: disclosure,
    Upload: upload,
}
