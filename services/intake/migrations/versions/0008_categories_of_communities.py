"""Likely duplicates in a community are looked for among its cases of the same category only."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "intake"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("case_community_category", "case", [COMMUNITY, "category", "registered_at"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("case_community_category", "case", schema=SCHEMA)
