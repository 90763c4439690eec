"""A row for each matter that waits for a ruling, by indexes in the list's own order.

Services must not run meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
WHEN = sa.DateTime(timezone=True)
STREET = sa.text(""""substring"(area, '^[^.]*[.][^.]*'::text)""")
WAITING = """
INSERT INTO supervision.ruling (case_id, matter, about_id, ordinal, assignment_id, department, number, kind,
    category, area, since, reason, minutes, review_by, due_at, stands_at)
SELECT DISTINCT ON (f.id, w.matter, coalesce(w.assignment_id, f.id))
       f.id, w.matter, coalesce(w.assignment_id, f.id), coalesce(w.ordinal, 0), w.assignment_id,
       coalesce(w.department, ''), f.number, f.kind, f.category, f.area, w.since, coalesce(w.reason, ''),
       coalesce(w.minutes, 0), w.review_by, d.due_at, coalesce(d.due_at, w.since)
  FROM supervision.case_file AS f,
       jsonb_array_elements(f.waiting) WITH ORDINALITY AS waits(said, nth),
       jsonb_to_record(waits.said) AS w(matter text, assignment_id uuid, department text, since timestamptz,
                                        reason text, ordinal int, minutes int, review_by timestamptz),
       LATERAL (SELECT max((clock->>'due_at')::timestamptz) AS due_at
                  FROM supervision.case_clocks AS c, json_array_elements(c.clocks) AS clock
                 WHERE c.id = f.id
                   AND clock->>'name' = CASE w.matter WHEN 'suspension' THEN 'suspension_review' ELSE w.matter END
                   AND (clock->>'assignment_id')::uuid IS NOT DISTINCT FROM w.assignment_id
                   AND coalesce(clock->>'state', 'running') IN ('running', 'paused')) AS d
 WHERE f.waiting <> '[]'
 ORDER BY f.id, w.matter, coalesce(w.assignment_id, f.id), waits.nth DESC
"""


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("about_id", sa.UUID(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("since", WHEN, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("review_by", WHEN, nullable=True),
        sa.Column("due_at", WHEN, nullable=True),
        sa.Column("stands_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "matter", "about_id"),
        schema=SCHEMA,
    )
    op.execute(WAITING)
    order = ["stands_at", "case_id", "about_id"]
    op.create_index("ruling_street", "ruling", ["matter", "ordinal", STREET, *order], schema=SCHEMA)
    op.create_index("ruling_list", "ruling", ["matter", "ordinal", *order], schema=SCHEMA)
    op.drop_index("case_file_waiting", "case_file", schema=SCHEMA)


def downgrade() -> None:
    where = sa.text("waiting <> '[]'")
    op.create_index("case_file_waiting", "case_file", ["id"], schema=SCHEMA, postgresql_where=where)
    op.drop_table("ruling", schema=SCHEMA)
