"""Cases, reporters, feedbacks, photos, public outcomes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "closure"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _cases()
    _reporters_and_feedbacks()
    _outcomes_and_photos()


def downgrade() -> None:
    for table in ("photo", "outcome", "feedback", "reporter", "case"):
        op.drop_table(table, schema=SCHEMA)


def _cases() -> None:
    op.create_table(
        "case",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("place", JSONB(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("handed_at", WHEN, nullable=False),
        sa.Column("parts", JSONB(), nullable=False),
        sa.Column("departments", JSONB(), nullable=False),
        sa.Column("handlers", JSONB(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("verifications", JSONB(), nullable=False),
        sa.Column("closings", JSONB(), nullable=False),
        sa.Column("evaluations", JSONB(), nullable=False),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("archived_at", WHEN, nullable=True),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        sa.Column("into", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("case_handed_at", "case", ["handed_at", "id"], schema=SCHEMA)
    op.create_index("case_state", "case", ["state", "handed_at", "id"], schema=SCHEMA)
    op.create_index("case_area", "case", ["area"], schema=SCHEMA, postgresql_ops={"area": "text_pattern_ops"})
    op.create_index(
        "case_departments",
        "case",
        ["departments"],
        schema=SCHEMA,
        postgresql_using="gin",
        postgresql_ops={"departments": "jsonb_path_ops"},
    )
    op.create_index(
        "case_to_archive", "case", ["closed_at"], schema=SCHEMA, postgresql_where=sa.text("state = 'closed'")
    )


def _reporters_and_feedbacks() -> None:
    op.create_table(
        "reporter",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("own_case", sa.UUID(), nullable=False),
        sa.Column("contacts", JSONB(), nullable=False),
        sa.Column("appealed_at", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("reporter_case_id", "reporter", ["case_id"], schema=SCHEMA)
    op.create_table(
        "feedback",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("fed_back_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("feedback_case_id", "feedback", ["case_id"], schema=SCHEMA)


def _outcomes_and_photos() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("area_name", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("outcome_case_id", "outcome", ["case_id"], schema=SCHEMA)
    op.create_index("outcome_published_at", "outcome", ["published_at", "id"], schema=SCHEMA)
    op.create_table(
        "photo",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", WHEN, nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("photo_sha256", "photo", ["sha256"], schema=SCHEMA)
