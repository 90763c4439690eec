"""Cases, who complained, how far they have come, who looked, and uploads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "intake"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _cases()
    _index_cases()
    _complaints()
    _progress()
    _disclosures()
    _uploads()


def downgrade() -> None:
    for table in ("upload", "disclosure", "progress", "complaint", "case"):
        op.drop_table(table, schema=SCHEMA)


def _cases() -> None:
    op.create_table(
        "case",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("attachments", JSONB(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("tracking_digest", sa.Text(), nullable=False),
        sa.Column("registered_at", WHEN, nullable=False),
        sa.Column("submission", JSONB(), nullable=True),
        sa.Column("review", JSONB(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("whistled_at", WHEN, nullable=True),
        sa.Column("solution", JSONB(), nullable=True),
        sa.Column("withdrawal", JSONB(), nullable=True),
        sa.Column("into", sa.UUID(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )


def _index_cases() -> None:
    tracked = sa.text("tracking_digest <> ''")
    op.create_index("case_number", "case", ["number"], unique=True, schema=SCHEMA)
    op.create_index(
        "case_tracking_digest", "case", ["tracking_digest"], unique=True, schema=SCHEMA, postgresql_where=tracked
    )
    op.create_index("case_registered_at", "case", ["registered_at", "id"], schema=SCHEMA)
    op.create_index(
        "case_area",
        "case",
        ["area", "registered_at", "id"],
        schema=SCHEMA,
        postgresql_ops={"area": "text_pattern_ops"},
    )
    op.create_index("case_category", "case", ["category", "registered_at"], schema=SCHEMA)
    withdrawing = sa.text("state = 'withdrawing'")
    op.create_index("case_withdrawing", "case", ["id"], schema=SCHEMA, postgresql_where=withdrawing)
    op.create_index("case_into", "case", ["into"], schema=SCHEMA, postgresql_where=sa.text('"into" IS NOT NULL'))


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_since", WHEN, nullable=False),
        sa.Column("whistled_at", WHEN, nullable=False),
        sa.Column("confirmed_at", WHEN, nullable=True),
        sa.Column("departments", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    unconfirmed = sa.text("confirmed_at IS NULL")
    op.create_index("progress_unconfirmed", "progress", ["whistled_at"], schema=SCHEMA, postgresql_where=unconfirmed)


def _disclosures() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("disclosure_at", "disclosure", ["at", "id"], schema=SCHEMA)


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("uploaded_at", WHEN, nullable=False),
        sa.Column("senders", JSONB(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
