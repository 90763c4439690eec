"""Cases are found by their state, not only those that are being withdrawn; who looked at a case, by the case."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_index("case_state", "case", ["state", "registered_at", "id"], schema=SCHEMA)
    op.create_index("disclosure_case_id", "disclosure", ["case_id"], schema=SCHEMA)
    op.drop_index("case_withdrawing", "case", schema=SCHEMA)


def downgrade() -> None:
    withdrawing = sa.text("state = 'withdrawing'")
    op.create_index("case_withdrawing", "case", ["id"], schema=SCHEMA, postgresql_where=withdrawing)
    op.drop_index("disclosure_case_id", "disclosure", schema=SCHEMA)
    op.drop_index("case_state", "case", schema=SCHEMA)
