"""`make bench-lists`: does the supervisor's page take as long with a million cases as with ten thousand?

Fills supervision's tables by SQL, at each size anew and with the same spread, and measures what the page asks: p50 and
p95 in milliseconds, and how many times that of the smallest size they are. Ends with an error where the page's p95 is
more than 1.5 times that.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from services.supervision.domain.measures import FIGURES
from services.supervision.store import queries
from shared.access.actor import Actor, Role
from shared.runtime.clock import now
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.support.tables import execute, rows
from tools.servers.postgres import PrivatePostgres

SIZES = (10_000, 100_000, 1_000_000)
TIMES, WARM = 200, 20
MOST = 1.5
REPORT = Path("reports/bench-lists.json")
STREETS, COMMUNITIES, DEPARTMENTS, CATEGORIES = 10, 10, 20, 20  # communities in each street

DISTRICT = Actor("d", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
STREET = Actor("s", frozenset({Role.SUPERVISOR}), "jiedao", "cj.s3")

# Two years of cases, the newest first heard of today. One in twenty is open, one in a hundred overdue. Summaries are
# three of forty words. Everything is drawn by hashes, so that nothing goes with anything else.
CASES = """
INSERT INTO supervision.case_file
SELECT md5('case ' || n)::uuid, 'CJ-' || lpad(n::text, 8, '0'), 'walk_in',
       (ARRAY['daily', 'urgent', 'joint'])[1 + n % 3], category, area, address, summary, 'clerk', false,
       CASE WHEN open
            THEN (ARRAY['whistled', 'dispatched', 'in_progress', 'to_verify', 'call_back', 'rework'])[1 + a % 6]
            ELSE (ARRAY['archived', 'archived', 'archived', 'closed', 'merged', 'refused'])[1 + a % 6] END,
       first_at, '[]', 3, first_at, first_at, CASE WHEN open THEN NULL ELSE first_at + interval '5 days' END, first_at,
       NULL, NULL, NULL, 1, 0, 0, 0, NULL, NULL, false, NULL, '[]',
       jsonb_build_array(jsonb_build_object(
         'id', md5('part ' || n)::uuid, 'department', department, 'name', department, 'part', 'lead',
         'limit_minutes', 2880, 'round_minutes', 2880, 'state', 'in_progress', 'summoned_at', first_at)),
       jsonb_build_array(department), '[]', '[]', '[]', '[]',
       CASE WHEN overdue THEN first_at + interval '1 day' END, '', '[]', false,
       (SELECT jsonb_agg(DISTINCT substr(text, i, 2)) FROM unnest(ARRAY[address, summary]) AS text,
               generate_series(1, length(text) - 1) AS i),
       address || E'\\n' || summary, first_at, first_at + interval '1 day', 12, 13
  FROM (SELECT n, a, b % 20 = 0 AS open, b % 100 = 0 AS overdue,
               now() - n * (interval '730 days' / {size}) AS first_at,
               'cj.s' || c % {streets} || '.c' || c / 100 % {communities} || '.g01' AS area,
               'd' || d % {departments} AS department, 'E' || d / 100 % {categories} AS category,
               '滨河路' || a / 10 % 400 || '号' AS address,
               w[1 + a / 7 % 40] || w[1 + c / 7 % 40] || w[1 + d / 7 % 40] AS summary
          FROM (SELECT n, hashint8(n) & 2147483647 AS a, hashint8(n + 1000000007) & 2147483647 AS b,
                       hashint8(n + 2000000011) & 2147483647 AS c, hashint8(n + 3000000019) & 2147483647 AS d
                  FROM generate_series(CAST(1 AS bigint), {size}) AS n) AS drawn,
               (SELECT array_agg(chr(19968 + i * 53) || chr(19968 + i * 97) || chr(19968 + i * 31)) AS w
                  FROM generate_series(1, 40) AS i) AS words) AS cases
"""
# Three limits of each open case; of the others one that has ended.
CLOCKS = """
INSERT INTO supervision.case_clocks (id, clocks, provisional, version)
SELECT id, json_agg(json_build_object(
         'id', md5(name || id)::uuid, 'name', name, 'assignment_id', parts->0->>'id',
         'department', parts->0->>'department', 'calendar', 'N', 'days', 2, 'started_at', first_at,
         'due_at', first_at + interval '1 day', 'state', CASE WHEN open THEN 'running' ELSE 'stopped' END)), false, 1
  FROM (SELECT *, state NOT IN ('archived', 'closed', 'merged', 'refused') AS open FROM supervision.case_file) AS cases,
       unnest(CASE WHEN open THEN ARRAY['sign', 'report_in', 'close'] ELSE ARRAY['close'] END) AS name
 GROUP BY id
"""
# What the engine would have added: now by community and by department, each month in all three views.
NOW = """
INSERT INTO supervision.tally
SELECT 'state.' || state, '', '', regexp_replace(area, '\\.g01$', ''), '', count(*) FROM supervision.case_file
 GROUP BY 1, 4
 UNION ALL
SELECT 'case.overdue', '', '', regexp_replace(area, '\\.g01$', ''), '', count(*) FROM supervision.case_file
 WHERE overdue_since IS NOT NULL GROUP BY 4
 UNION ALL
SELECT 'overdue.' || (clock->>'name'), '', clock->>'department',
       split_part(area, '.', 1) || '.' || split_part(area, '.', 2), '', count(*)
  FROM supervision.case_clocks JOIN supervision.case_file USING (id), json_array_elements(clocks) AS clock
 WHERE overdue_since IS NOT NULL GROUP BY 1, 3, 4
"""
MONTHS = """
WITH cases AS (
  SELECT to_char(first_at, 'YYYY-MM') AS month, departments->>0 AS department, category,
         regexp_replace(area, '\\.g01$', '') AS community,
         split_part(area, '.', 1) || '.' || split_part(area, '.', 2) AS street FROM supervision.case_file)
INSERT INTO supervision.tally
SELECT figure, month, '', community, '', count(*) FROM cases, unnest(CAST(:figures AS text[])) AS figure
 GROUP BY 1, 2, 4
 UNION ALL
SELECT figure, month, '', street, category, count(*) FROM cases, unnest(CAST(:figures AS text[])) AS figure
 GROUP BY 1, 2, 4, 5
 UNION ALL
SELECT figure, month, department, street, '', count(*) FROM cases, unnest(CAST(:figures AS text[])) AS figure
 GROUP BY 1, 2, 3, 4
"""

INDEXES = """
SELECT indexdef FROM pg_indexes WHERE schemaname = 'supervision' AND tablename IN ('case_file', 'case_clocks')
   AND indexname NOT LIKE '%pkey'
"""

WORD = "".join(chr(19968 + 7 * step) for step in (53, 97, 31))  # one of the forty: in one case of thirteen
Question = Callable[[Connection], Any]
QUESTIONS: dict[str, Question] = {
    "the page of the district": lambda one: queries.show_overview(one, DISTRICT, now()),
    "the page of a street": lambda one: queries.show_overview(one, STREET, now()),
    "the newest cases": lambda one: queries.list_cases(one, DISTRICT, 100, ""),
    "the newest cases of a street": lambda one: queries.list_cases(one, STREET, 100, ""),
    "open cases": lambda one: queries.list_cases(one, DISTRICT, 100, "", open=True),
    "cases overdue": lambda one: queries.list_cases(one, DISTRICT, 100, "", overdue=True),
    "cases by a word": lambda one: queries.list_cases(one, DISTRICT, 100, "", text=WORD),
    "a word of one place": lambda one: queries.list_cases(one, DISTRICT, 100, "", text="滨河路17号", overdue=True),
    "cases of a department": lambda one: queries.list_cases(one, DISTRICT, 100, "", department="d3"),
}
PAGES = tuple(QUESTIONS)[:2]


class Times(msgspec.Struct, frozen=True):
    """Milliseconds."""

    cases: int
    question: str
    p50: float
    p95: float


def main() -> int:
    """Measure, the sizes in turn so that all have the same neighbours, print, and say whether the page keeps to it."""
    folder = Path(tempfile.mkdtemp(prefix="whistle-bench-"))
    try:
        with PrivatePostgres(folder, say=print) as server:
            databases = {size: Database(_filled(server, size), "supervision") for size in SIZES}
            try:
                measured = [one for name in QUESTIONS for one in _measure(databases, name)]
            finally:
                for database in databases.values():
                    database.close()
    finally:
        shutil.rmtree(folder)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=1))
    return _show(measured)


def _filled(server: PrivatePostgres, size: int) -> str:
    url, began = server.create_database(f"cases_{size}"), time.monotonic()
    fill(url, size)
    print(f"{size:,} cases in {time.monotonic() - began:.0f} s, {_megabytes(url)} MB", flush=True)
    return url


def fill(url: str, size: int) -> None:
    """So many cases with everything that the page reads."""
    migrate("supervision", url)
    sizes = {"size": size, "streets": STREETS, "communities": COMMUNITIES, "departments": DEPARTMENTS}
    filled = CASES
    for name, value in {**sizes, "categories": CATEGORIES}.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    indexes = [definition for (definition,) in rows(url, INDEXES)]
    for (name,) in rows(url, INDEXES.replace("indexdef", "indexname")):
        execute(url, f"DROP INDEX supervision.{name}")
    for sql in (filled, CLOCKS, *indexes, NOW):
        execute(url, sql.replace("::", "\\:\\:"))
    execute(url, MONTHS, figures=list(FIGURES))
    execute(url, "ANALYZE")


def _megabytes(url: str) -> int:
    return int(rows(url, "SELECT pg_database_size(current_database()) / 1048576")[0][0])


def _measure(databases: Mapping[int, Database], name: str) -> list[Times]:
    """One question, asked of every size in turn."""
    taken: dict[int, list[float]] = {size: [] for size in databases}
    for _ in range(WARM + TIMES):
        for size, database in databases.items():
            began = time.perf_counter()
            with database.read() as connection:
                QUESTIONS[name](connection)
            taken[size].append((time.perf_counter() - began) * 1000)
    parts = {size: statistics.quantiles(times[WARM:], n=20) for size, times in taken.items()}
    return [Times(size, name, round(part[9], 2), round(part[18], 2)) for size, part in parts.items()]


def _show(measured: list[Times]) -> int:
    too_slow = 0
    for question in QUESTIONS:
        of_this = [one for one in measured if one.question == question]
        first = of_this[0]
        print(f"\n{question}")
        for one in of_this:
            ratio = one.p95 / first.p95
            print(f"  {one.cases:>9,} cases   p50 {one.p50:7.2f} ms   p95 {one.p95:7.2f} ms   x {ratio:.2f}")
        if question in PAGES and of_this[-1].p95 > MOST * first.p95:
            too_slow = 1
            print(f"  more than {MOST} times as long")
    print(f"\n{REPORT} has the figures")
    return too_slow


if __name__ == "__main__":
    sys.exit(main())
