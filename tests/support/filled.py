"""Two years of cases in every service's tables, by SQL, as `tests/support/questions.py` asks for them.

One case in twenty is open, one in a hundred overdue; a higher number is a younger case. Everything else is drawn by
hashes, so that nothing goes with anything else.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    NullPool,
    Table,
    Text,
    create_engine,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

from services.closure.store import tables as closure
from services.directory.store import tables as directory
from services.dispatch.store import tables as dispatch
from services.enforcement.store import tables as enforcement
from services.intake.store import tables as intake
from services.notice.store import tables as notice
from services.notice.store.removal import KEPT
from services.supervision.domain.measures import FIGURES
from services.supervision.store import tables as supervision
from shared.messaging.outbox import KEPT as KEPT_ANSWERS
from shared.messaging.outbox import QUIET
from shared.store.database import driver_url
from tests.support.questions import CASE, CELL

DRAWN = """
CREATE TEMPORARY TABLE drawn AS
SELECT n, pg_temp.id(n) AS id, 'CJ-' || lpad(n::text, 8, '0') AS number, b % 20 = 0 AS open, b % 100 = 0 AS overdue,
       now() - ({size} + 1 - n) * (interval '730 days' / {size}) AS at,
       'cj.s' || c % 10 || '.c' || c / 100 % 10 || '.g01' AS area, 'd' || d % 20 AS department,
       'E' || d / 100 % 20 AS category, (ARRAY['daily', 'urgent', 'joint'])[1 + n % 3] AS kind,
       (string_to_array('{roads}', ' '))[1 + b / 100 % 12] || a / 10 % 400 || '号' AS address,
       'p' || a / 7 % 100 AS person, a, b
  FROM (SELECT n, hashint8(n) & 2147483647 AS a, hashint8(n + 1000000007) & 2147483647 AS b,
               hashint8(n + 2000000011) & 2147483647 AS c, hashint8(n + 3000000019) & 2147483647 AS d
          FROM generate_series(CAST(1 AS bigint), {size}) AS n) AS hashed
"""
ID = """
CREATE FUNCTION pg_temp.id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql RETURN lpad(to_hex(n), 32, '0')::uuid
"""
ROADS = "滨河路 人民路 解放街 建设路 新安街 文昌路 东门巷 荷花塘 学府路 站前街 柳溪路 南园弄"
PLACE = "jsonb_build_object('area', area, 'longitude', 118.3, 'latitude', 32.3, 'address', address)"
# What a column holds of which nothing is said, if it must hold something.
EMPTY = {
    UUID: "id", Text: "''", JSON: "'[]'", JSONB: "'[]'", BigInteger: "1", Integer: "1", Boolean: "false",
    DateTime: "at", LargeBinary: "''",
}  # fmt: skip
OF_DRAWN = {"number", "area", "department", "category", "kind", "address", "person"}

Said = Mapping[str, str]


def fill(url: str, size: int) -> None:
    """So many cases in every service, each with what belongs to it; the schemas are there and empty."""
    with create_engine(driver_url(url), poolclass=NullPool).begin() as connection:
        _run(connection, ID)
        _run(connection, DRAWN.replace("{size}", str(size)).replace("{roads}", ROADS))
        _run(connection, f"UPDATE drawn SET area = '{CELL}' WHERE id = '{CASE}'")
        for service in (_directory, _intake, _dispatch, _enforcement, _closure, _supervision, _notice, _messages):
            service(connection)
        _run(connection, "ANALYZE")


def one_of(values: str, draw: str = "a") -> str:
    """One of these (with spaces between)."""
    return f"(string_to_array('{values}', ' '))[1 + {draw} % {len(values.split())}]"


def standing(still_open: str, ended: str) -> str:
    """One of these states: of an open case mostly the first, as hardly any stays long in the others."""
    first, any_of_them = still_open.split()[0], one_of(still_open, "a / 10")
    return f"CASE WHEN NOT open THEN {one_of(ended)} WHEN a % 10 > 0 THEN '{first}' ELSE {any_of_them} END"


def insert(connection: Connection, table: Table, said: Said | None = None, source: str = "drawn") -> None:
    """A row for each of the source's: what is said as expressions of its columns, or in columns of the same names."""
    values = {column.name: EMPTY[type(column.type)] for column in table.c if not _may_be_left_out(column)}
    values |= {name: name for name in OF_DRAWN & {*table.c.keys()}} | dict(said or {})
    assert values.keys() <= {*table.c.keys()}, f"{table.fullname} has not all of {sorted(values)}"
    names = ", ".join(f'"{name}"' for name in values)
    _run(
        connection,
        f'INSERT INTO {table.schema}."{table.name}" ({names}) SELECT {", ".join(values.values())} FROM {source}',
    )


def _may_be_left_out(column: Column[Any]) -> bool:
    return bool(column.nullable) or column.server_default is not None


def _run(connection: Connection, sql: str) -> None:
    connection.execute(text(sql.replace(":", "\\:")))


def _directory(connection: Connection) -> None:
    state = "CASE WHEN overdue THEN 'suspended' ELSE 'active' END"
    insert(connection, directory.person, {"id": "'p' || n", "roles": "'[\"officer\"]'", "state": state})
    area = "'code', 'cj.s' || n, 'parent', 'cj', 'level', 'street', 'addresses', '[]'::jsonb, 'boundary', "
    area += """'{"type": "Polygon", "coordinates": []}'::jsonb"""
    rows = f"(SELECT jsonb_agg(jsonb_build_object({area})) AS areas FROM generate_series(0, 9) AS n) AS town"
    sets = "unnest(ARRAY['areas', 'responsible', 'departments', 'categories']) AS name"
    content = "CASE name WHEN 'areas' THEN areas ELSE '[]' END"
    insert(connection, directory.dataset, {"id": "name", "content": content}, f"{sets}, {rows}")


def _intake(connection: Connection) -> None:
    state = standing(
        "whistled draft under_review returned withdrawing", "whistled whistled whistled self_handled refused"
    )
    drawn = f"(SELECT *, {state} AS state FROM drawn) AS cases"
    asked = "jsonb_build_object('request_id', id, 'reason', '重复', 'by', 'r', 'at', at)"
    case = {
        "state": "state",
        "channel": one_of("walk_in phone patrol online hotline"),
        "longitude": "118 + a % 1000 / 1e4",
        "latitude": "32 + b % 1000 / 1e4",
        "summary": "address",
        "author": "person",
        "tracking_digest": "md5(n::text)",
        "withdrawal": f"CASE state WHEN 'withdrawing' THEN {asked} END",
    }
    insert(connection, intake.case, case, drawn)
    progress = {
        "stage": "CASE WHEN open THEN 'in_progress' ELSE 'archived' END",
        "confirmed_at": "CASE WHEN b % 1000 > 0 THEN at END",
        "departments": "jsonb_build_array(department)",
    }
    insert(connection, intake.progress, progress, f"{drawn} WHERE state = 'whistled'")
    insert(connection, intake.disclosure, {"case_id": "pg_temp.id(1 + a % n)"})
    insert(connection, intake.upload, {"id": "lpad(to_hex(n), 64, '0')", "named": "true"})


def _dispatch(connection: Connection) -> None:
    state = standing(
        "in_progress awaiting dispatched to_verify rework suspended", "closed closed closed closed closed withdrawn"
    )
    insert(connection, dispatch.case, {"place": PLACE, "state": state})
    assignment = {
        "id": "pg_temp.id(n + part * 1000000)",
        "case_id": "id",
        "department": "'d' || (substr(department, 2)::int + part * 7) % 20",
        "part": "CASE part WHEN 0 THEN 'lead' ELSE 'support' END",
        "state": standing(
            "in_progress to_sign disputed signed reported_in fed_back", "accepted accepted accepted withdrawn excused"
        ),
        "delivered_at": "CASE WHEN b % 1000 > 0 THEN at END",
    }
    insert(connection, dispatch.assignment, assignment, "drawn, generate_series(0, 1) AS part WHERE n % 2 >= part")


def _enforcement(connection: Connection) -> None:
    state = standing("opened violation_found ordered not_rectified", "concluded concluded concluded transferred")
    insert(connection, enforcement.assignment, {"case_id": "id", "state": "'reported_in'"})
    insert(connection, enforcement.record, {"case_id": "id", "assignment_id": "id", "state": state})
    sha256 = "lpad(to_hex(n), 64, '0')"
    insert(
        connection, enforcement.evidence, {"record_id": "id", "sha256": sha256, "source": "'officer'", "use": "'lead'"}
    )
    insert(connection, enforcement.custody, {"evidence_id": "id"})


def _closure(connection: Connection) -> None:
    state = standing("call_back to_verify rework", "archived archived archived archived closed withdrawn")
    insert(connection, closure.case, {"place": PLACE, "state": state, "departments": "jsonb_build_array(department)"})
    insert(connection, closure.outcome, {"case_id": "id"}, "drawn WHERE NOT open")
    insert(connection, closure.photo, {"case_id": "id", "sha256": "lpad(to_hex(n), 64, '0')"})


def _supervision(connection: Connection) -> None:
    part = "'id', id, 'department', department, 'name', department, 'part', 'lead', 'state', 'in_progress'"
    part += ", 'limit_minutes', 2880, 'round_minutes', 2880, 'summoned_at', at"
    matter = one_of("dispute extension suspension")
    waiting = f"'matter', {matter}, 'assignment_id', id, 'department', department, 'since', at, 'reason', ''"
    ordinal = f"CASE {matter} WHEN 'extension' THEN 1 + n % 2 ELSE 0 END"
    waiting += f", 'ordinal', {ordinal}"
    waits_now = "b % 80 = 0"
    words = "SELECT jsonb_agg(DISTINCT substr(address, i, 2)) FROM generate_series(1, length(address) - 1) AS i"
    case = {
        "state": standing(
            "in_progress whistled dispatched to_verify call_back rework", "archived archived archived closed refused"
        ),
        "summary": "address",
        "parts": f"jsonb_build_array(jsonb_build_object({part}))",
        "departments": "jsonb_build_array(department)",
        "waiting": f"CASE WHEN {waits_now} THEN jsonb_build_array(jsonb_build_object({waiting})) ELSE '[]' END",
        "overdue_since": "CASE WHEN overdue THEN at + interval '1 day' END",
        "words": f"({words})",
        "sought": "address",
        "first_at": "at",
    }
    insert(connection, supervision.case_file, case)
    waits = {
        "case_id": "id",
        "matter": matter,
        "about_id": "id",
        "assignment_id": "id",
        "ordinal": ordinal,
        "since": "at",
        "stands_at": "at",
    }
    insert(connection, supervision.ruling, waits, f"drawn WHERE {waits_now}")
    _clocks(connection)
    entry = {"id": "pg_temp.id(n + step * 1000000)", "case_id": "id", "number": "step", "data": "'{}'"}
    insert(connection, supervision.entry, entry, "drawn, generate_series(1, 2) AS step")
    order = {
        "case_id": "id",
        "kind": one_of("urging order"),
        "issuer": "jsonb_build_object('id', 's', 'role', 'supervisor')",
        "state": standing("to_answer answered told", "told approved approved ended"),
    }
    insert(connection, supervision.order, order)
    refusal = {"case_id": "id", "assignment_id": "id", "state": standing("investigating reported", "found")}
    insert(connection, supervision.refusal, refusal)
    _tally(connection)


def _clocks(connection: Connection) -> None:
    """Three limits of each open case; of the others one that has ended."""
    clock = "'id', pg_temp.id(n * 8 + length(name)), 'name', name, 'calendar', 'N', 'started_at', at"
    clock += ", 'due_at', at + interval '1 day', 'state', CASE WHEN open THEN 'running' ELSE 'stopped' END"
    names = "unnest(CASE WHEN open THEN ARRAY['sign', 'close', 'report_in'] ELSE ARRAY['close'] END) AS name"
    case = {
        "clocks": f"(SELECT json_agg(json_build_object({clock})) FROM {names})",
        "provisional": "b % 1000 = 0",
        "next_at": "CASE WHEN open THEN now() + n * interval '1 minute' END",
    }
    insert(connection, supervision.case_clocks, case)


def _tally(connection: Connection) -> None:
    """Of each month some figures, by community, by department and by category; and how many cases stand where now."""
    month, figure = "to_char(at, 'YYYY-MM')", f"unnest(string_to_array('{' '.join(FIGURES[::4])}', ' '))"
    community, street = "regexp_replace(area, '.g01$', '')", "regexp_replace(area, '.c[0-9].g01$', '')"
    for drawn, said in (
        (f"{standing('state.in_progress state.to_verify', 'state.archived')} AS figure, {community} AS area", {}),
        (f"{month} AS month, {community} AS area", {"month": "month", "figure": figure}),
        (
            f"{month} AS month, {street} AS area, department",
            {"month": "month", "figure": figure, "department": "department"},
        ),
        (f"{month} AS month, {street} AS area, category", {"month": "month", "figure": figure, "category": "category"}),
    ):
        keys = {"figure": "figure", "month": "''", "department": "''", "area": "area", "category": "''"} | said
        insert(connection, supervision.tally, keys, f"(SELECT DISTINCT {drawn} FROM drawn) AS sums")


def _notice(connection: Connection) -> None:
    read_at = "CASE WHEN NOT open THEN at END"
    state = "CASE WHEN open THEN 'unread' ELSE 'read' END"
    insert(
        connection,
        notice.summons,
        {"case_id": "id", "place": PLACE, "part": "'lead'", "state": state, "read_at": read_at},
    )
    drawn = _younger_than(KEPT.days)
    insert(
        connection, notice.notification, {"case_id": "id", "facts": "'{}'", "texts": "'{}'", "read_at": read_at}, drawn
    )
    delivery = {
        "notification_id": "id",
        "kind": "'email'",
        "destination": "'mail ' || person",
        "state": "CASE WHEN overdue THEN 'waiting' ELSE 'delivered' END",
        "next_at": "CASE WHEN overdue THEN now() - interval '1 minute' END",
    }
    insert(connection, notice.delivery, delivery, drawn)


def _messages(connection: Connection) -> None:
    """What every service sends and answers: dispatch's stand for all."""
    plumbing = dispatch.plumbing
    subject = {"subject": "id::text", "data": "repeat('x', 500)::bytea"}
    insert(connection, plumbing.outbox, subject, _younger_than(QUIET.days))
    unsent = {"id": "id", "position": "position"}
    insert(connection, plumbing.unsent, unsent, "dispatch.outbox WHERE position % 1000 = 0")
    insert(connection, plumbing.inbox, {"key": "id::text", "done_at": "at"}, _younger_than(KEPT_ANSWERS.days))
    parked = {"state": one_of("parked waiting"), "queue": "'dispatch.follows.intake'", "subject": "id::text"}
    insert(connection, plumbing.parked, parked, "drawn WHERE overdue")


def _younger_than(days: int) -> str:
    """The cases as if all had come within so many days and hardly any before: what is older is removed."""
    kept = "n, id, number, open, overdue, area, department, category, kind, address, person, a, b"
    return f"(SELECT {kept}, now() - (now() - at) * ({days} * 1.002 / 730) AS at FROM drawn) AS kept"
