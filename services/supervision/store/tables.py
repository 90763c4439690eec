"""Supervision's tables, and which aggregate lies in which. Columns are named as the aggregates' fields.

JSONB holds what is searched, JSON what is only read and written as a whole, which costs less.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.entry import Entry
from services.supervision.domain.order import Order
from services.supervision.domain.refusal import Refusal
from shared.access.filters import community_of
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="supervision")
plumbing = shared_tables(metadata)

ID = UUID(as_uuid=True)
WHEN = DateTime(timezone=True)
ENDED = ("archived", "closed", "merged", "redirected", "refused", "void")  # whoever stands here waits for nobody
# What is open comes first in lists: written as PostgreSQL reads it in their queries.
OPEN_ORDER = text("(state = ANY (ARRAY['to_answer', 'answered']))")
OPEN_REFUSAL = text("(state <> 'found')")
STREET = text(""""substring"(area, '^[^.]*[.][^.]*'::text)""")  # the code of the street in which an area lies
# The day a case began, as a list of one: so it lies in one index with words and departments, which PostgreSQL looks up
# together. Of two indexes it would read all that each has of every year.
DAY = text("(ARRAY[(first_at AT TIME ZONE 'UTC'::text)::date])")

case_file = Table(
    "case_file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("ongoing", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False),
    Column("state_since", WHEN),
    Column("standings", JSON, nullable=False),
    Column("facts_rank", Integer, nullable=False),
    Column("registered_at", WHEN),
    Column("submitted_at", WHEN),
    Column("whistled_at", WHEN),
    Column("dispatched_at", WHEN),
    Column("fed_back_at", WHEN),
    Column("verified_at", WHEN),
    Column("closed_at", WHEN),
    Column("round", Integer, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reached", Boolean),
    Column("resolved", Boolean),
    Column("unreached", Boolean, nullable=False),
    Column("satisfaction", Integer),
    Column("verdicts", JSON, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("departments", JSONB, nullable=False),
    Column("waiting", JSONB, nullable=False),
    Column("running", JSON, nullable=False),
    Column("stopped", JSON, nullable=False),
    Column("overdue", JSON, nullable=False),
    Column("overdue_since", WHEN),
    Column("escalated", Text, nullable=False),
    Column("orders", JSON, nullable=False),
    Column("supervised", Boolean, nullable=False),
    Column("words", JSONB, nullable=False),
    Column("sought", Text, nullable=False),
    Column("first_at", WHEN, nullable=False),
    Column("last_at", WHEN),
    Column("entries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index("case_file_first_at", "first_at", "id"),
    Index("case_file_state", "state", "first_at", "id"),
    Index("case_file_open", "first_at", "id", postgresql_where=text(f"state NOT IN {ENDED}")),
    Index("case_file_ended", "first_at", "id", postgresql_where=text(f"state IN {ENDED}")),
    Index("case_file_overdue", "overdue_since", "id", postgresql_where=text("overdue_since IS NOT NULL")),
    Index("case_file_words", "words", DAY, "departments", postgresql_using="gin"),
)
Index("case_file_community", community_of(case_file.c.area), case_file.c.first_at, case_file.c.id)

case_clocks = Table(
    "case_clocks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("clocks", JSON, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("next_at", WHEN),
    Column("claimed_until", WHEN),
    Column("version", Integer, nullable=False),
    Index("case_clocks_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    Index("case_clocks_provisional", "id", postgresql_where=text("provisional")),
)

entry = Table(
    "entry",
    metadata,
    Column("id", ID, nullable=False),
    Column("case_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("publisher", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", WHEN, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
)

order = Table(
    "order",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("kind", Text, nullable=False),
    Column("assignment_id", ID),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_by", WHEN),
    Column("issuer", JSONB, nullable=False),
    Column("issued_at", WHEN, nullable=False),
    Column("state", Text, nullable=False),
    Column("answers", JSONB, nullable=False),
    Column("returns", JSONB, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("accepted_at", WHEN),
    Column("ended_at", WHEN),
    Column("version", Integer, nullable=False),
    Index("order_case_id", "case_id"),
    Index("order_state", "state"),
    Index("order_inbox", "department", OPEN_ORDER, "issued_at", "id"),
    Index("order_list", OPEN_ORDER, "issued_at", "id"),
    Index("order_kind", "kind", OPEN_ORDER, "issued_at", "id"),
)

refusal = Table(
    "refusal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("case_id", ID, nullable=False),
    Column("assignment_id", ID, nullable=False),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tried", Text, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", WHEN, nullable=False),
    Column("state", Text, nullable=False),
    Column("taken_up_by", Text, nullable=False),
    Column("taken_up_at", WHEN),
    Column("finding", JSONB),
    Column("order_id", ID),
    Column("version", Integer, nullable=False),
    Index("refusal_assignment_id", "assignment_id"),
    Index("refusal_inbox", "department", OPEN_REFUSAL, "reported_at", "id"),
    Index("refusal_list", OPEN_REFUSAL, "reported_at", "id"),
)

# A row for each matter that waits, as lists show it, gone when it is ruled on: ruling.py.
ruling = Table(
    "ruling",
    metadata,
    Column("case_id", ID, primary_key=True),
    Column("matter", Text, primary_key=True),
    Column("about_id", ID, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("assignment_id", ID),
    Column("department", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("since", WHEN, nullable=False),
    Column("reason", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("review_by", WHEN),
    Column("due_at", WHEN),
    Column("stands_at", WHEN, nullable=False),
    Index("ruling_street", "matter", "ordinal", STREET, "stands_at", "case_id", "about_id"),
    Index("ruling_list", "matter", "ordinal", "stands_at", "case_id", "about_id"),
)

# Sums by what they count and the month ("" for what is so now), by department, by area or by category: figures.py.
tally = Table(
    "tally",
    metadata,
    Column("figure", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("department", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Index("tally_month", "month", "figure"),
)

# In the order in which rows are locked: a case before its clocks.
AGGREGATES: dict[type[Any], Table] = {
    CaseFile: case_file,
    CaseClocks: case_clocks,
    Order: order,
    Refusal: refusal,
    Entry: entry,
}
