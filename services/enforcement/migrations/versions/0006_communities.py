"""A community's cases are found in the order of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "enforcement"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("record_community", "record", [COMMUNITY, "opened_at", "id"], schema=SCHEMA)
    op.drop_index("record_area", "record", schema=SCHEMA)


def downgrade() -> None:
    op.create_index("record_area", "record", ["area"], schema=SCHEMA, postgresql_ops={"area": "text_pattern_ops"})
    op.drop_index("record_community", "record", schema=SCHEMA)
