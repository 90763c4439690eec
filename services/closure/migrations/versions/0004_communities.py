"""A community's cases are found in the order of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "closure"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("case_community", "case", [COMMUNITY, "handed_at", "id"], schema=SCHEMA)
    op.drop_index("case_area", "case", schema=SCHEMA)
    op.create_index("outcome_community", "outcome", [COMMUNITY, "published_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("outcome_community", "outcome", schema=SCHEMA)
    op.create_index("case_area", "case", ["area"], schema=SCHEMA, postgresql_ops={"area": "text_pattern_ops"})
    op.drop_index("case_community", "case", schema=SCHEMA)
