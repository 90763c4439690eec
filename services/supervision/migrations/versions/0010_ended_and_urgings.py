"""Cases that have ended and urgings are found in the order of their lists, however many cases and orders are open."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
OPEN_ORDER = sa.text("(state = ANY (ARRAY['to_answer', 'answered']))")
ENDED = sa.text("state IN ('archived', 'closed', 'merged', 'redirected', 'refused', 'void')")


def upgrade() -> None:
    op.create_index("case_file_ended", "case_file", ["first_at", "id"], schema=SCHEMA, postgresql_where=ENDED)
    op.create_index("order_kind", "order", ["kind", OPEN_ORDER, "issued_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("order_kind", "order", schema=SCHEMA)
    op.drop_index("case_file_ended", "case_file", schema=SCHEMA)
