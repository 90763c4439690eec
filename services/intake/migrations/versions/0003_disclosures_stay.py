"""Who was shown a reporter's data stays on record: the database refuses to change or remove it."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION intake.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGERS = {
    "disclosure_stays": "BEFORE UPDATE OR DELETE ON intake.disclosure FOR EACH ROW",
    "disclosure_is_not_emptied": "BEFORE TRUNCATE ON intake.disclosure",
}


def upgrade() -> None:
    op.execute(REFUSE)
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION intake.refuse_change()")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON intake.disclosure")
    op.execute("DROP FUNCTION intake.refuse_change()")
