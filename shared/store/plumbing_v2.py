"""The second form of the tables for messages: what is unsent lies in a table of its own. Never changes.

Services as they were before must be stopped first: they mark in the outbox what was sent.
"""

import sqlalchemy as sa
from alembic import op

WHEN = sa.DateTime(timezone=True)


def upgrade(schema: str) -> None:
    """From `plumbing_v1`."""
    op.create_table(
        "unsent",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", WHEN, nullable=True),
        sa.Column("unroutable_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema=schema,
    )
    op.create_index("unsent_position", "unsent", ["position"], schema=schema)
    op.execute(
        f'INSERT INTO "{schema}".unsent SELECT id, position, claimed_until, unroutable_at '
        f'FROM "{schema}".outbox WHERE sent_at IS NULL'
    )
    op.drop_constraint("outbox_pkey", "outbox", schema=schema)
    for column in ("sent_at", "claimed_until", "unroutable_at"):
        op.drop_column("outbox", column, schema=schema)  # and the indexes on it
    op.create_primary_key("outbox_pkey", "outbox", ["position"], schema=schema)
    op.create_index("outbox_time", "outbox", ["time"], schema=schema)


def downgrade(schema: str) -> None:
    """Back to `plumbing_v1`; what was sent counts as sent when it was decided."""
    op.drop_index("outbox_time", "outbox", schema=schema)
    op.drop_constraint("outbox_pkey", "outbox", schema=schema)
    op.create_primary_key("outbox_pkey", "outbox", ["id"], schema=schema)
    for column in ("sent_at", "claimed_until", "unroutable_at"):
        op.add_column("outbox", sa.Column(column, WHEN, nullable=True), schema=schema)
    op.execute(
        f'UPDATE "{schema}".outbox AS o SET sent_at = o.time '
        f'WHERE NOT EXISTS (SELECT FROM "{schema}".unsent AS u WHERE u.position = o.position)'
    )
    op.execute(
        f'UPDATE "{schema}".outbox AS o SET claimed_until = u.claimed_until, unroutable_at = u.unroutable_at '
        f'FROM "{schema}".unsent AS u WHERE u.position = o.position'
    )
    op.create_index("outbox_sent_at", "outbox", ["sent_at"], schema=schema)
    op.create_index("outbox_unsent", "outbox", ["position"], schema=schema, postgresql_where=sa.text("sent_at IS NULL"))
    op.drop_table("unsent", schema=schema)
