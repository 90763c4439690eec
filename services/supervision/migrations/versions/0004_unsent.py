"""What is unsent of the outbox lies in a table of its own."""

from shared.store import plumbing_v2

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "supervision"


def upgrade() -> None:
    plumbing_v2.upgrade(SCHEMA)


def downgrade() -> None:
    plumbing_v2.downgrade(SCHEMA)
