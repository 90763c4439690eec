"""All clocks of a case in one row; what is only read as a whole is JSON; the journal needs no index of ids.

Services must not run meanwhile.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON, JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "supervision"
WHEN = sa.DateTime(timezone=True)
WHOLE = ("standings", "verdicts", "parts", "running", "stopped", "overdue", "orders")
STEPS = """
    (SELECT coalesce(json_agg(json_build_array(s->'name', s->'at', s->'percent', s->'after', s->'fired_at',
                                               s->'withdrawn') ORDER BY ordinal), '[]')
       FROM jsonb_array_elements(c.steps) WITH ORDINALITY AS steps(s, ordinal))"""
GATHERED = f"""
INSERT INTO supervision.case_clocks (id, clocks, provisional, next_at, version)
SELECT case_id, json_agg(json_build_object(
           'id', id, 'name', name, 'started_at', started_at, 'due_at', due_at, 'calendar', calendar,
           'about', CASE WHEN key = assignment_id::text THEN '' ELSE key END, 'assignment_id', assignment_id,
           'department', department, 'days', days, 'seconds', seconds, 'provisional', provisional,
           'blind', kind = '', 'steps', {STEPS}, 'state', state, 'extended_seconds', extended_seconds,
           'paused_at', paused_at, 'paused_seconds', paused_seconds, 'stopped_at', stopped_at, 'in_time', in_time,
           'history', history) ORDER BY started_at, id),
       bool_or(provisional AND state IN ('running', 'paused')), min(next_at), 1
  FROM supervision.clock AS c GROUP BY case_id
"""
PARTED = """
INSERT INTO supervision.clock (id, case_id, name, key, assignment_id, department, area, kind, category, calendar, unit,
    days, seconds, started_at, due_at, provisional, steps, state, extended_seconds, paused_at, paused_seconds,
    stopped_at, in_time, history, next_at, version)
SELECT (c->>'id')::uuid, t.id, c->>'name', coalesce(nullif(c->>'about', ''), c->>'assignment_id', ''),
       (c->>'assignment_id')::uuid, coalesce(c->>'department', ''), f.area,
       CASE WHEN (c->>'blind')::boolean THEN '' ELSE f.kind END, f.category, c->>'calendar',
       coalesce(c->>'department', ''), coalesce((c->>'days')::int, 0), coalesce((c->>'seconds')::int, 0),
       (c->>'started_at')::timestamptz, (c->>'due_at')::timestamptz,
       coalesce((c->>'provisional')::boolean, false), steps.told, coalesce(c->>'state', 'running'),
       coalesce((c->>'extended_seconds')::int, 0), (c->>'paused_at')::timestamptz,
       coalesce((c->>'paused_seconds')::int, 0), (c->>'stopped_at')::timestamptz, (c->>'in_time')::boolean,
       coalesce(c->'history', '[]')::jsonb,
       CASE WHEN coalesce(c->>'state', 'running') = 'running' THEN steps.next_at END, 1
  FROM supervision.case_clocks AS t JOIN supervision.case_file AS f USING (id),
       json_array_elements(t.clocks) AS c,
       LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'name', s->0, 'at', s->1, 'percent', coalesce(s->2, '0'), 'after', coalesce(s->3, '[0, 0]'),
                           'fired_at', s->4, 'withdrawn', coalesce(s->5, 'false')) ORDER BY ordinal), '[]') AS told,
                       min((s->>1)::timestamptz) FILTER (WHERE s->>4 IS NULL) AS next_at
                  FROM json_array_elements(coalesce(c->'steps', '[]')) WITH ORDINALITY AS of_clock(s, ordinal)) AS steps
"""


def upgrade() -> None:
    op.create_table(
        "case_clocks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("clocks", JSON(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("next_at", WHEN, nullable=True),
        sa.Column("claimed_until", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.execute(GATHERED)
    op.drop_table("clock", schema=SCHEMA)
    where = sa.text("next_at IS NOT NULL")
    op.create_index("case_clocks_next_at", "case_clocks", ["next_at"], schema=SCHEMA, postgresql_where=where)
    where = sa.text("provisional")
    op.create_index("case_clocks_provisional", "case_clocks", ["id"], schema=SCHEMA, postgresql_where=where)
    for name in WHOLE:
        op.alter_column("case_file", name, type_=JSON(), postgresql_using=f"{name}::json", schema=SCHEMA)
    op.drop_constraint("entry_pkey", "entry", schema=SCHEMA)
    op.drop_index("entry_case", "entry", schema=SCHEMA)
    op.create_primary_key("entry_pkey", "entry", ["case_id", "number"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_constraint("entry_pkey", "entry", schema=SCHEMA)
    op.create_primary_key("entry_pkey", "entry", ["id"], schema=SCHEMA)
    op.create_index("entry_case", "entry", ["case_id", "number"], unique=True, schema=SCHEMA)
    for name in WHOLE:
        op.alter_column("case_file", name, type_=JSONB(), postgresql_using=f"{name}::jsonb", schema=SCHEMA)
    _make_clock()
    op.execute(PARTED)
    op.drop_table("case_clocks", schema=SCHEMA)


def _make_clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("due_at", WHEN, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("extended_seconds", sa.Integer(), nullable=False),
        sa.Column("paused_at", WHEN, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("stopped_at", WHEN, nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("history", JSONB(), nullable=False),
        sa.Column("next_at", WHEN, nullable=True),
        sa.Column("claimed_until", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=SCHEMA,
    )
    op.create_index("clock_case_id", "clock", ["case_id"], schema=SCHEMA)
    op.create_index(
        "clock_next_at", "clock", ["next_at"], schema=SCHEMA, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index(
        "clock_provisional",
        "clock",
        ["id"],
        schema=SCHEMA,
        postgresql_where=sa.text("provisional AND state IN ('running', 'paused')"),
    )
