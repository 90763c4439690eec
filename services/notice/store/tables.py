"""Notice's tables, and which aggregate lies in which."""

from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.notice.domain.delivery import Delivery
from services.notice.domain.notification import Notification
from services.notice.domain.preference import Preference
from services.notice.domain.summons import Summons
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="notice")
plumbing = shared_tables(metadata)

ID = UUID(as_uuid=True)
WHEN = DateTime(timezone=True)

summons = Table(
    "summons",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("place", JSONB, nullable=False),
    Column("summary", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("department_name", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("limit_minutes", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("summoned_at", WHEN, nullable=False),
    Column("delivered_at", WHEN, nullable=False),
    Column("round", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("read_by", Text, nullable=False),
    Column("read_at", WHEN),
    Column("withdrawn_at", WHEN),
    Column("earlier", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index("summons_case_id", "case_id"),
    Index("summons_inbox", "department", text("(state = 'unread')"), "delivered_at", "id"),
)

notification = Table(
    "notification",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("case_id", ID, nullable=False),
    Column("number", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("texts", JSONB, nullable=False),
    Column("delivered_at", WHEN, nullable=False),
    Column("read_at", WHEN),
    Column("version", Integer, nullable=False),
    Index("notification_list", "person", text("(read_at IS NULL)"), "delivered_at", "id"),
    Index("notification_age", "delivered_at", postgresql_using="brin"),
)

preference = Table(
    "preference",
    metadata,
    Column("id", Text, primary_key=True),
    Column("language", Text, nullable=False),
    Column("channels", JSONB, nullable=False),
    Column("chosen", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", ID, primary_key=True),
    Column("notification_id", ID, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", WHEN, nullable=False),
    Column("next_at", WHEN),
    Column("claimed_until", WHEN),
    Column("attempts", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index("delivery_notification_id", "notification_id"),
    Index("delivery_age", "since", postgresql_using="brin"),
    Index("delivery_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

# In the order in which rows are locked.
AGGREGATES: dict[type[Any], Table] = {
    Summons: summons,
    Preference: preference,
    Notification: notification,
    Delivery: delivery,
}
