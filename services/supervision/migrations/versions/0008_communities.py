"""A community's cases are found in the order of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("case_file_community", "case_file", [COMMUNITY, "first_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("case_file_community", "case_file", schema=SCHEMA)
