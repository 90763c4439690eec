"""A department's open records are found without walking past those that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "enforcement"
OPEN = sa.text("state NOT IN ('concluded', 'transferred')")


def upgrade() -> None:
    op.create_index("record_open", "record", ["department", "opened_at", "id"], schema=SCHEMA, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("record_open", "record", schema=SCHEMA)
