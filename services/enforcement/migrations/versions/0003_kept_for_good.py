"""Evidence stays as it was received, only its use is reviewed; custody only grows. The database sees to it."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION enforcement.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
RECEIVED = "- 'use' - 'use_reason' - 'version'"
EVIDENCE_CHANGES = f"to_jsonb(OLD) {RECEIVED} IS DISTINCT FROM to_jsonb(NEW) {RECEIVED}"

TRIGGERS = {
    "evidence_stays": f"BEFORE UPDATE ON enforcement.evidence FOR EACH ROW WHEN ({EVIDENCE_CHANGES})",
    "evidence_is_kept": "BEFORE DELETE ON enforcement.evidence FOR EACH ROW",
    "evidence_is_not_emptied": "BEFORE TRUNCATE ON enforcement.evidence",
    "custody_stays": "BEFORE UPDATE OR DELETE ON enforcement.custody FOR EACH ROW",
    "custody_is_not_emptied": "BEFORE TRUNCATE ON enforcement.custody",
}


def upgrade() -> None:
    op.execute(REFUSE)
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION enforcement.refuse_change()")


def downgrade() -> None:
    for name, when in TRIGGERS.items():
        table = when.split(" ON ")[1].split()[0]
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION enforcement.refuse_change()")
