"""Old notices, and how they were sent, are found by their age."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "notice"


def upgrade() -> None:
    op.create_index("notification_age", "notification", ["delivered_at"], schema=SCHEMA, postgresql_using="brin")
    op.create_index("delivery_age", "delivery", ["since"], schema=SCHEMA, postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("delivery_age", "delivery", schema=SCHEMA)
    op.drop_index("notification_age", "notification", schema=SCHEMA)
