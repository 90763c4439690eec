"""Assignments are found by their state."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "dispatch"


def upgrade() -> None:
    op.create_index("assignment_state", "assignment", ["state", "dispatched_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("assignment_state", "assignment", schema=SCHEMA)
