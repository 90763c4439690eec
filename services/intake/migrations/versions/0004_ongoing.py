"""Whether the violation is in progress (违法行为正在发生).

The running release does not write it: what it writes gets the default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.add_column(
        "case", sa.Column("ongoing", sa.Boolean(), nullable=False, server_default=sa.text("false")), schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_column("case", "ongoing", schema=SCHEMA)
