"""Cases are found by a text as by looking at each, however long ago they began, and no more are looked at than must be.

The cases lie so that every stretch of time in which a word is looked for has a border among them: many of the last
months and at the same times, a thousand of one moment, some of ten years.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from services.supervision.store import queries
from services.supervision.store.tables import case_file
from shared.access.actor import Actor
from shared.store.database import Database, driver_url
from shared.store.migrate import migrate
from tests.support.filled import ID, insert
from tests.support.plans import asked, explained
from tests.support.questions import CATEGORY, CLERK, DEPARTMENT, DISTRICT_SUPERVISOR, OFFICER, SUPERVISOR
from tools.servers.postgres import PrivatePostgres

MOMENT = "timestamptz '2026-11-27 08:00+08'"
# What n says of a case, n rising with its age.
DRAWN = f"""
CREATE TEMPORARY TABLE drawn AS
SELECT n, pg_temp.id(hashint8(n) & 2147483647) AS id, 'CJ-' || lpad(n::text, 8, '0') AS number, address, at,
       'cj.s' || n % 4 || '.c' || 1 + n % 3 || '.g01' AS area, 'd' || n % 5 AS department, 'E' || n % 7 AS category,
       (ARRAY['daily', 'urgent', 'joint'])[1 + n % 3] AS kind, 'p' || n % 100 AS person,
       (ARRAY['in_progress', 'to_verify', 'archived', 'closed'])[1 + n % 4] AS state,
       CASE WHEN n % 10 = 0 THEN {MOMENT} - n * interval '1 hour' END AS overdue_since
  FROM (SELECT n, {{at}} AS at, {{address}} AS address FROM generate_series(CAST(1 AS bigint), {{size}}) AS n) AS said
"""
WORDS = "SELECT jsonb_agg(DISTINCT substr(address, i, 2)) FROM generate_series(1, length(address) - 1) AS i"
CASE = {
    "summary": "address", "departments": "jsonb_build_array(department)", "waiting": "'[]'", "sought": "address",
    "words": f"({WORDS})", "first_at": "at", "state": "state", "overdue_since": "overdue_since",
}  # fmt: skip

AT = f"""
CASE WHEN n <= 2500 THEN {MOMENT} - n / 5 * interval '5 hours'
     WHEN n <= 3500 THEN {MOMENT} - interval '2 years'
     ELSE {MOMENT} - interval '2 years' - (n - 3500) * interval '6 days' END
"""
ADDRESS = """
CASE WHEN n IN (2, 3000, 3990) THEN '石狮子桥' WHEN n % 4 = 0 AND n > 3200 THEN '老城墙' WHEN n % 7 = 0 THEN '东门巷'
     WHEN n % 90 = 1 THEN '滨河路17号' WHEN n % 90 = 2 THEN '路17滨河路117号' ELSE '人民路' || n % 50 || '号' END
"""
TEXTS = ("滨河路17号", "石狮子", "老城墙", "东门巷", "人民路", "路17", "17滨河", "人民路49号", "没有的字", "ＰＥ")

EVEN_AT, EVEN_ADDRESS = f"{MOMENT} - n * interval '20 minutes'", "'滨河路' || 10 + n % 90 || '号'"
EVEN = 40_000
MATCHES = EVEN // 90


def fill(url: str, size: int, at: str, address: str) -> None:
    """So many cases, each as its number says."""
    migrate("supervision", url)
    with create_engine(driver_url(url), poolclass=NullPool).begin() as connection:
        for sql in (ID, DRAWN.format(size=size, at=at, address=address)):
            connection.execute(text(sql.replace(":", "\\:")))
        insert(connection, case_file, CASE)
    with create_engine(driver_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("VACUUM ANALYZE supervision.case_file"))


@pytest.fixture(scope="module")
def database(module_database: str) -> Iterator[Database]:
    """Cases at all those times."""
    fill(module_database, 4_000, AT, ADDRESS)
    opened = Database(module_database, "supervision", readers=2)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def even(postgres: PrivatePostgres) -> Iterator[Database]:
    """A case every twenty minutes, and one in ninety at the same place."""
    fill(postgres.create_database("even_words"), EVEN, EVEN_AT, EVEN_ADDRESS)
    opened = Database(postgres.url_of("even_words"), "supervision", readers=2)
    yield opened
    opened.close()
    postgres.drop_database("even_words")


def listed(connection: Connection, actor: Actor, limit: int, **wanted: Any) -> list[tuple[Any, str]]:
    """The whole list, page by page: ids and addresses."""
    found: list[tuple[Any, str]] = []
    after: str | None = ""
    while after is not None:
        page = queries.list_cases(connection, actor, limit, after, **wanted)
        found += [(one["id"], one["address"]) for one in page["items"]]
        assert len(page["items"]) == limit or page["next"] is None
        after = page["next"]
    return found


@pytest.mark.parametrize(
    ("actor", "wanted"),
    [
        (DISTRICT_SUPERVISOR, {}),
        (SUPERVISOR, {}),
        (CLERK, {}),
        (OFFICER, {}),
        (DISTRICT_SUPERVISOR, {"area": "cj.s1"}),
        (DISTRICT_SUPERVISOR, {"category": CATEGORY}),
        (DISTRICT_SUPERVISOR, {"department": DEPARTMENT, "kind": "urgent"}),
        (DISTRICT_SUPERVISOR, {"state": "to_verify"}),
        (DISTRICT_SUPERVISOR, {"open": True}),
        (DISTRICT_SUPERVISOR, {"open": False}),
        (DISTRICT_SUPERVISOR, {"overdue": True}),
        (DISTRICT_SUPERVISOR, {"overdue": False}),
    ],
)
def test_a_text_finds_the_same_cases_in_the_same_order_as_looking_at_each(
    database: Database, actor: Actor, wanted: Mapping[str, Any]
) -> None:
    """Page by page, with small pages and large ones, with each other filter."""
    with database.read() as connection:
        everything = listed(connection, actor, 500, **wanted)
        assert everything
        for sought in TEXTS:
            expected = [one for one in everything if sought in one[1]]
            for limit in (9, 100):
                assert listed(connection, actor, limit, text=sought, **wanted) == expected, sought


def test_pages_of_one_case_go_over_every_border(database: Database) -> None:
    """Also where many cases began at the same time, and years lie between two."""
    with database.read() as connection:
        everything = listed(connection, DISTRICT_SUPERVISOR, 500)
        for sought, count in (("石狮子", 3), ("滨河路17号", 30)):
            expected = [one for one in everything if sought in one[1]]
            assert listed(connection, DISTRICT_SUPERVISOR, 1, text=sought) == expected
            assert len(expected) >= count


@pytest.mark.parametrize("pages", [1, 20])
def test_a_page_looks_only_at_a_part_of_what_holds_the_word(even: Database, pages: int) -> None:
    """The first one and one in the middle: of one case in ninety a quarter would be far too much for ten rows."""

    cursors = [""]

    def ask(connection: Connection) -> None:
        page = queries.list_cases(connection, DISTRICT_SUPERVISOR, 10, cursors[-1], text="滨河路17号")
        cursors.append(page["next"])

    for _ in range(pages):
        statements = asked(even, ask)
    with even.reads.connect() as connection:
        looked_at = sum(_looked_at(connection, statement) for statement in statements[1:])  # after the sample
    assert looked_at < MATCHES / 4


def test_a_common_word_is_found_among_the_newest_cases(even: Database) -> None:
    """Without a look at all that hold it."""
    statements = asked(
        even, lambda connection: queries.list_cases(connection, DISTRICT_SUPERVISOR, 10, "", text="滨河路")
    )
    with even.reads.connect() as connection:
        assert sum(_looked_at(connection, statement) for statement in statements) < EVEN / 10


def _looked_at(connection: Connection, statement: Any) -> float:
    """How many rows of the cases' table a statement reads."""
    (((plan,),),) = explained(connection, statement, "ANALYZE, FORMAT JSON")
    return _read(plan["Plan"])


def _read(plan: Mapping[str, Any]) -> float:
    within = sum(_read(part) for part in plan.get("Plans", ()))
    if plan.get("Relation Name") != "case_file":
        return within
    passed_over = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return within + float((plan["Actual Rows"] + passed_over) * plan["Actual Loops"])
