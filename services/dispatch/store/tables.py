"""The tables of dispatch, and which aggregate lies in which. Columns are named as the aggregates' fields."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from shared.access.filters import community_of
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="dispatch")

WHEN = DateTime(timezone=True)

case = Table(
    "case",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("place", JSONB, nullable=False),
    Column("summary", Text, nullable=False),
    Column("photos", JSONB, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("ongoing", Boolean, nullable=False, server_default=text("false")),
    Column("author", Text, nullable=False),
    Column("tracking_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("whistled_at", WHEN, nullable=False),
    Column("dispatched_at", WHEN),
    Column("round", Integer, nullable=False),
    Column("suspensions", JSONB, nullable=False),
    Column("withdrawal", JSONB),
    Column("version", Integer, nullable=False),
    Index("case_whistled_at", "whistled_at", "id"),
    Index("case_state", "state", "whistled_at", "id"),
)
Index("case_community", community_of(case.c.area), case.c.whistled_at, case.c.id)

assignment = Table(
    "assignment",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("case_id", UUID(as_uuid=True), nullable=False),
    Column("area", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("department_name", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("limit_minutes", Integer, nullable=False),
    Column("signing_limit_minutes", Integer, nullable=False),
    Column("limits", JSONB, nullable=False),
    Column("dispatched_at", WHEN, nullable=False),
    Column("clock_from", WHEN, nullable=False),
    Column("overdue_at", WHEN),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("delivered_at", WHEN),
    Column("signature", JSONB),
    Column("report", JSONB),
    Column("progress", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("feedbacks", JSONB, nullable=False),
    Column("dispute", JSONB),
    Column("extensions", JSONB, nullable=False),
    Column("releases", JSONB, nullable=False),
    Column("ending", JSONB),
    Column("handlers", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index("assignment_case_id", "case_id"),
    Index("assignment_dispatched_at", "dispatched_at", "id"),
    Index("assignment_department", "department", "dispatched_at", "id"),
    Index("assignment_state", "state", "dispatched_at", "id"),
    Index("assignment_undelivered", "clock_from", "id", postgresql_where=text("delivered_at IS NULL")),
)

plumbing = shared_tables(metadata)

# In the order in which rows are locked: a case before its assignments.
AGGREGATES: dict[type, Table] = {Case: case, Assignment: assignment}
