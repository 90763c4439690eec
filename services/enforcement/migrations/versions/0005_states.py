"""Records are found by their state."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "enforcement"


def upgrade() -> None:
    op.create_index("record_state", "record", ["state", "opened_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("record_state", "record", schema=SCHEMA)
