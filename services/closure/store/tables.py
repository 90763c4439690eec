"""Closure's tables, and which aggregate lies in which."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.closure.domain.case import Case
from services.closure.domain.feedback import Feedback
from services.closure.domain.outcome import PublicOutcome
from services.closure.domain.photo import Photo
from services.closure.domain.reporter import Reporter
from shared.access.filters import community_of
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="closure")
plumbing = shared_tables(metadata)

ID = UUID(as_uuid=True)
WHEN = DateTime(timezone=True)

case = Table(
    "case",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("place", JSONB, nullable=False),
    Column("area", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("handed_at", WHEN, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("departments", JSONB, nullable=False),
    Column("handlers", JSONB, nullable=False),
    Column("measures", Text, nullable=False),
    Column("verifications", JSONB, nullable=False),
    Column("closings", JSONB, nullable=False),
    Column("evaluations", JSONB, nullable=False),
    Column("closed_at", WHEN),
    Column("archived_at", WHEN),
    Column("withdrawn_at", WHEN),
    Column("into", ID),
    Column("version", Integer, nullable=False),
    Index("case_handed_at", "handed_at", "id"),
    Index("case_state", "state", "handed_at", "id"),
    Index("case_departments", "departments", postgresql_using="gin", postgresql_ops={"departments": "jsonb_path_ops"}),
    Index("case_to_archive", "closed_at", postgresql_where=text("state = 'closed'")),
)
Index("case_community", community_of(case.c.area), case.c.handed_at, case.c.id)
Index("case_community_state", community_of(case.c.area), case.c.state, case.c.handed_at, case.c.id)

reporter = Table(
    "reporter",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("own_case", ID, nullable=False),
    Column("contacts", JSONB, nullable=False),
    Column("appealed_at", WHEN),
    Column("version", Integer, nullable=False),
    Index("reporter_case_id", "case_id"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("department", Text, nullable=False),
    Column("measures", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("fed_back_at", WHEN, nullable=False),
    Column("version", Integer, nullable=False),
    Index("feedback_case_id", "case_id"),
)

outcome = Table(
    "outcome",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("round", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("area_name", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", WHEN, nullable=False),
    Column("version", Integer, nullable=False),
    Index("outcome_case_id", "case_id"),
    Index("outcome_published_at", "published_at", "id"),
)
Index("outcome_community", community_of(outcome.c.area), outcome.c.published_at, outcome.c.id)

photo = Table(
    "photo",
    metadata,
    Column("id", ID, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", WHEN, nullable=False),
    Column("case_id", ID),
    Column("version", Integer, nullable=False),
    Index("photo_sha256", "sha256"),
)

# In the order in which their rows are locked.
AGGREGATES: dict[type[Any], Table] = {
    Case: case,
    Reporter: reporter,
    Feedback: feedback,
    PublicOutcome: outcome,
    Photo: photo,
}
