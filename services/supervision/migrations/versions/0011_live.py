"""The database tells every change of a case as it is committed, whoever wrote it.

A statement that changes more than a hundred cases, such as a portion of a rebuild, and what is too long for NOTIFY
(8,000 bytes, which would undo the transaction) are told as one "read everything anew".
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TELL = """
CREATE FUNCTION supervision.tell_live(told json) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('whistle_live', CASE WHEN octet_length(told::text) < 8000 THEN told::text
                                          ELSE '{"resync": true}' END)
$$"""
CHANGED = """
CREATE FUNCTION supervision.tell_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM changed) > 100 THEN
        PERFORM supervision.tell_live('{"resync": true}');
    ELSE
        PERFORM supervision.tell_live(
            json_build_object('case', id, 'area', area, 'departments', departments, 'state', state)) FROM changed;
    END IF;
    RETURN NULL;
END $$"""
TRIGGER = """
CREATE TRIGGER tell_{event} AFTER {event} ON supervision.case_file REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION supervision.tell_changed()"""


def upgrade() -> None:
    op.execute(TELL)
    op.execute(CHANGED)
    for event in ("insert", "update"):
        op.execute(TRIGGER.format(event=event))


def downgrade() -> None:
    for event in ("insert", "update"):
        op.execute(f"DROP TRIGGER tell_{event} ON supervision.case_file")
    op.execute("DROP FUNCTION supervision.tell_changed()")
    op.execute("DROP FUNCTION supervision.tell_live(json)")
