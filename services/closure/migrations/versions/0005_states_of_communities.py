"""What waits in a community is found in the order of its list, however much has ended there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "closure"
COMMUNITY = sa.text(r"(regexp_replace(area, '^([^.]+\.[^.]+\.[^.]+)\..*', '\1'))")


def upgrade() -> None:
    op.create_index("case_community_state", "case", [COMMUNITY, "state", "handed_at", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("case_community_state", "case", schema=SCHEMA)
