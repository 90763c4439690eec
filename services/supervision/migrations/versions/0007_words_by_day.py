"""A case's words lie in one index with the day it began, so that a word is found among the cases of some days."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
DAY = sa.text("(ARRAY[((first_at AT TIME ZONE 'UTC'::text))::date])")


def upgrade() -> None:
    op.drop_index("case_file_words", "case_file", schema=SCHEMA)
    op.create_index("case_file_words", "case_file", ["words", DAY], schema=SCHEMA, postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("case_file_words", "case_file", schema=SCHEMA)
    op.create_index("case_file_words", "case_file", ["words"], schema=SCHEMA, postgresql_using="gin")
