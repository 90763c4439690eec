"""Cases that have ended are found in the order of their list, however many are open."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
ENDED = sa.text("state IN ('archived', 'closed', 'merged', 'redirected', 'refused', 'void')")


def upgrade() -> None:
    op.create_index("case_file_ended", "case_file", ["first_at", "id"], schema=SCHEMA, postgresql_where=ENDED)


def downgrade() -> None:
    op.drop_index("case_file_ended", "case_file", schema=SCHEMA)
