"""Cases as supervision knows them, their clocks, the journal and the sums."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", WHEN, nullable=True),
        sa.Column("standings", JSONB(), nullable=False),
        sa.Column("facts_rank", sa.Integer(), nullable=False),
        sa.Column("registered_at", WHEN, nullable=True),
        sa.Column("submitted_at", WHEN, nullable=True),
        sa.Column("whistled_at", WHEN, nullable=True),
        sa.Column("dispatched_at", WHEN, nullable=True),
        sa.Column("fed_back_at", WHEN, nullable=True),
        sa.Column("verified_at", WHEN, nullable=True),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("unreached", sa.Boolean(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("verdicts", JSONB(), nullable=False),
        sa.Column("parts", JSONB(), nullable=False),
        sa.Column("departments", JSONB(), nullable=False),
        sa.Column("waiting", JSONB(), nullable=False),
        sa.Column("running", JSONB(), nullable=False),
        sa.Column("stopped", JSONB(), nullable=False),
        sa.Column("overdue", JSONB(), nullable=False),
        sa.Column("overdue_since", WHEN, nullable=True),
        sa.Column("escalated", sa.Text(), nullable=False),
        sa.Column("orders", JSONB(), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("words", JSONB(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("first_at", WHEN, nullable=False),
        sa.Column("last_at", WHEN, nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("case_file_departments", "case_file", ["departments"], schema=SCHEMA, postgresql_using="gin")
    op.create_index("case_file_first_at", "case_file", ["first_at", "id"], schema=SCHEMA)
    op.create_index(
        "case_file_open",
        "case_file",
        ["first_at", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("state NOT IN ('archived', 'closed', 'merged', 'redirected', 'refused', 'void')"),
    )
    op.create_index(
        "case_file_overdue",
        "case_file",
        ["overdue_since", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("overdue_since IS NOT NULL"),
    )
    op.create_index("case_file_state", "case_file", ["state", "first_at", "id"], schema=SCHEMA)
    op.create_index(
        "case_file_waiting", "case_file", ["id"], schema=SCHEMA, postgresql_where=sa.text("waiting <> '[]'")
    )
    op.create_index("case_file_words", "case_file", ["words"], schema=SCHEMA, postgresql_using="gin")
    op.create_table(
        "clock",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("due_at", WHEN, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("extended_seconds", sa.Integer(), nullable=False),
        sa.Column("paused_at", WHEN, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("stopped_at", WHEN, nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("history", JSONB(), nullable=False),
        sa.Column("next_at", WHEN, nullable=True),
        sa.Column("claimed_until", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("clock_case_id", "clock", ["case_id"], schema=SCHEMA)
    op.create_index(
        "clock_next_at", "clock", ["next_at"], schema=SCHEMA, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index(
        "clock_provisional",
        "clock",
        ["id"],
        schema=SCHEMA,
        postgresql_where=sa.text("provisional AND state IN ('running', 'paused')"),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("time", WHEN, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("entry_case", "entry", ["case_id", "number"], schema=SCHEMA, unique=True)
    op.create_table(
        "tally",
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "month", "department", "area", "category"),
        schema=SCHEMA,
    )
    op.create_index("tally_month", "tally", ["month", "figure"], schema=SCHEMA)
    _orders()
    _refusals()


def downgrade() -> None:
    for table in ("refusal", "order", "tally", "entry", "clock", "case_file"):
        op.drop_table(table, schema=SCHEMA)


def _orders() -> None:
    op.create_table(
        "order",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_by", WHEN, nullable=True),
        sa.Column("issuer", JSONB(), nullable=False),
        sa.Column("issued_at", WHEN, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", JSONB(), nullable=False),
        sa.Column("returns", JSONB(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("order_case_id", "order", ["case_id"], schema=SCHEMA)
    op.create_index("order_department", "order", ["department", "issued_at", "id"], schema=SCHEMA)
    op.create_index("order_issued_at", "order", ["issued_at", "id"], schema=SCHEMA)


def _refusals() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", WHEN, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_up_by", sa.Text(), nullable=False),
        sa.Column("taken_up_at", WHEN, nullable=True),
        sa.Column("finding", JSONB(), nullable=True),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("refusal_assignment_id", "refusal", ["assignment_id"], schema=SCHEMA)
    op.create_index("refusal_reported_at", "refusal", ["reported_at", "id"], schema=SCHEMA)
