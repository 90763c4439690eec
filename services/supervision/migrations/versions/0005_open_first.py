"""Orders and refusals are listed by indexes in the lists' own order: what is open comes first."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
OPEN_ORDER = sa.text("(state = ANY (ARRAY['to_answer', 'answered']))")
OPEN_REFUSAL = sa.text("(state <> 'found')")


def upgrade() -> None:
    op.create_index("order_state", "order", ["state"], schema=SCHEMA)
    op.create_index("order_inbox", "order", ["department", OPEN_ORDER, "issued_at", "id"], schema=SCHEMA)
    op.create_index("order_list", "order", [OPEN_ORDER, "issued_at", "id"], schema=SCHEMA)
    op.create_index("refusal_inbox", "refusal", ["department", OPEN_REFUSAL, "reported_at", "id"], schema=SCHEMA)
    op.create_index("refusal_list", "refusal", [OPEN_REFUSAL, "reported_at", "id"], schema=SCHEMA)
    for name, table in (
        ("order_department", "order"),
        ("order_issued_at", "order"),
        ("refusal_reported_at", "refusal"),
    ):
        op.drop_index(name, table, schema=SCHEMA)


def downgrade() -> None:
    op.create_index("refusal_reported_at", "refusal", ["reported_at", "id"], schema=SCHEMA)
    op.create_index("order_issued_at", "order", ["issued_at", "id"], schema=SCHEMA)
    op.create_index("order_department", "order", ["department", "issued_at", "id"], schema=SCHEMA)
    for name, table in (("refusal_list", "refusal"), ("refusal_inbox", "refusal"), ("order_list", "order")):
        op.drop_index(name, table, schema=SCHEMA)
    for name in ("order_inbox", "order_state"):
        op.drop_index(name, "order", schema=SCHEMA)
