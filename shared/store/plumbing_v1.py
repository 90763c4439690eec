"""The tables for messages and replay as they were first released: what each service's migration 0001 makes.

Never changes. A change of `plumbing.py` becomes a `plumbing_v3.py` beside this and one more migration in each service.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

WHEN = sa.DateTime(timezone=True)


def create(schema: str) -> None:
    """Make the tables in this schema."""
    _create_announced(schema)
    _create_followed(schema)
    _create_inbox(schema)


def drop(schema: str) -> None:
    """Take them away again."""
    for table in ("stream", "reference", "parked", "outbox", "inbox", "cursor"):
        op.drop_table(table, schema=schema)


def _create_announced(schema: str) -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("time", WHEN, nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("causation", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", WHEN, nullable=True),
        sa.Column("claimed_until", WHEN, nullable=True),
        sa.Column("unroutable_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
        schema=schema,
    )
    op.create_index("outbox_sent_at", "outbox", ["sent_at"], schema=schema)
    op.create_index("outbox_unsent", "outbox", ["position"], schema=schema, postgresql_where=sa.text("sent_at IS NULL"))
    op.create_table(
        "stream",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
        schema=schema,
    )


def _create_followed(schema: str) -> None:
    op.create_table(
        "cursor",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("publisher", "subject"),
        schema=schema,
    )
    op.create_table(
        "parked",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("since", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publisher", "subject", "sequence", name="parked_stream"),
        schema=schema,
    )
    op.create_index("parked_since", "parked", ["state", "since"], schema=schema)
    op.create_table(
        "reference",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("received_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        schema=schema,
    )


def _create_inbox(schema: str) -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("done_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        schema=schema,
    )
    op.create_index("inbox_done_at", "inbox", ["done_at"], schema=schema)
