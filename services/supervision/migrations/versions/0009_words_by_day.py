"""A case's words, the day it began and its departments lie in one index, and are looked up together."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
DAY = sa.text("(ARRAY[(first_at AT TIME ZONE 'UTC'::text)::date])")


def upgrade() -> None:
    op.drop_index("case_file_departments", "case_file", schema=SCHEMA)
    op.drop_index("case_file_words", "case_file", schema=SCHEMA)
    op.create_index(
        "case_file_words", "case_file", ["words", DAY, "departments"], schema=SCHEMA, postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_index("case_file_words", "case_file", schema=SCHEMA)
    op.create_index("case_file_words", "case_file", ["words"], schema=SCHEMA, postgresql_using="gin")
    op.create_index("case_file_departments", "case_file", ["departments"], schema=SCHEMA, postgresql_using="gin")
