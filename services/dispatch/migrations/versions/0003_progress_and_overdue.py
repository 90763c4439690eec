"""How far departments have come, and when a closing limit passed.

The running release writes neither: what it writes gets the defaults.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "dispatch"


def upgrade() -> None:
    op.add_column("assignment", sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA)
    op.add_column(
        "assignment",
        sa.Column("progress", JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_column("assignment", "progress", schema=SCHEMA)
    op.drop_column("assignment", "overdue_at", schema=SCHEMA)
