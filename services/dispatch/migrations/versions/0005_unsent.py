"""What is unsent of the outbox lies in a table of its own."""

from shared.store import plumbing_v2

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "dispatch"


def upgrade() -> None:
    plumbing_v2.upgrade(SCHEMA)


def downgrade() -> None:
    plumbing_v2.downgrade(SCHEMA)
