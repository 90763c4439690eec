"""Cases and their assignments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "dispatch"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _cases()
    _assignments()


def downgrade() -> None:
    op.drop_table("assignment", schema=SCHEMA)
    op.drop_table("case", schema=SCHEMA)


def _cases() -> None:
    op.create_table(
        "case",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("place", JSONB(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("photos", JSONB(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("tracking_digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("whistled_at", WHEN, nullable=False),
        sa.Column("dispatched_at", WHEN, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("suspensions", JSONB(), nullable=False),
        sa.Column("withdrawal", JSONB(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("case_whistled_at", "case", ["whistled_at", "id"], schema=SCHEMA)
    op.create_index("case_state", "case", ["state", "whistled_at", "id"], schema=SCHEMA)


def _assignments() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("department_name", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("limit_minutes", sa.Integer(), nullable=False),
        sa.Column("signing_limit_minutes", sa.Integer(), nullable=False),
        sa.Column("limits", JSONB(), nullable=False),
        sa.Column("dispatched_at", WHEN, nullable=False),
        sa.Column("clock_from", WHEN, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("delivered_at", WHEN, nullable=True),
        sa.Column("signature", JSONB(), nullable=True),
        sa.Column("report", JSONB(), nullable=True),
        sa.Column("feedbacks", JSONB(), nullable=False),
        sa.Column("dispute", JSONB(), nullable=True),
        sa.Column("extensions", JSONB(), nullable=False),
        sa.Column("releases", JSONB(), nullable=False),
        sa.Column("ending", JSONB(), nullable=True),
        sa.Column("handlers", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("assignment_case_id", "assignment", ["case_id"], schema=SCHEMA)
    op.create_index("assignment_dispatched_at", "assignment", ["dispatched_at", "id"], schema=SCHEMA)
    op.create_index("assignment_department", "assignment", ["department", "dispatched_at", "id"], schema=SCHEMA)
    op.create_index(
        "assignment_undelivered",
        "assignment",
        ["clock_from", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
