"""A community's cases are found in the order of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "intake"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("case_community", "case", [COMMUNITY, "registered_at", "id"], schema=SCHEMA)
    op.drop_index("case_area", "case", schema=SCHEMA)


def downgrade() -> None:
    op.create_index(
        "case_area", "case", ["area", "registered_at", "id"], schema=SCHEMA, postgresql_ops={"area": "text_pattern_ops"}
    )
    op.drop_index("case_community", "case", schema=SCHEMA)
