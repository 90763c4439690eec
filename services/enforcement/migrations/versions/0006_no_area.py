"""No index on a record's area: no reader has so small a one that it would find anything sooner by it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "enforcement"


def upgrade() -> None:
    op.drop_index("record_area", "record", schema=SCHEMA)


def downgrade() -> None:
    op.create_index("record_area", "record", ["area"], schema=SCHEMA, postgresql_ops={"area": "text_pattern_ops"})
