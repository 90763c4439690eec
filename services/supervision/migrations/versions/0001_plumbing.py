"""The tables for messages and replay that every service has."""

from shared.store import plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "supervision"


def upgrade() -> None:
    plumbing_v1.create(SCHEMA)


def downgrade() -> None:
    plumbing_v1.drop(SCHEMA)
