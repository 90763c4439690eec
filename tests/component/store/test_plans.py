"""Every list and queue finds its rows by an index: none scans a large table, which would take longer every year."""

import importlib
from collections.abc import Iterator, Mapping

import pytest

from shared.store.database import Database
from shared.web.route import routes_of
from shared.web.schemas import PageQuery
from tests.support.filled import fill
from tests.support.plans import Plan, asked, explained
from tests.support.questions import LIMIT, QUESTIONS, Question
from tests.support.tables import rows
from tools.migrate import SERVICES, migrate

CASES = 30_000
LARGE = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 5000 AND relnamespace = :schema\\:\\:regnamespace"
)

IN_ORDER = {
    "intake: a community's cases",
    "enforcement: a department's records",
    "enforcement: a department's records that have ended",
    "closure: a community's cases",
    "closure: the public notices of a community",
    "supervision: a community's cases",
    "notice: what a department has read",
    "notice: what a person has read",
}

BY_INDEX = {
    "closure: what was archived": "case_state",
    "closure: what a community must verify": "case_community_state",
    "supervision: cases that have ended": "case_file_ended",
    "supervision: what a department has open": "case_file_open",
    "supervision: all urgings": "order_kind",
    "intake: likely duplicates": "case_community_category",
    "enforcement: a department's open records": "record_open",
}


@pytest.fixture(scope="module")
def databases(module_database: str) -> Iterator[Mapping[str, Database]]:
    """Two years of cases in every service, as each of them reads its own."""
    migrate(url=module_database, say=lambda _: None)
    fill(module_database, CASES)
    opened = {service: Database(module_database, service, readers=2) for service in SERVICES}
    yield opened
    for database in opened.values():
        database.close()


@pytest.fixture(scope="module")
def large(module_database: str, databases: object) -> Mapping[str, set[str]]:
    """Each service's tables that nobody should scan."""
    return {service: {name for (name,) in rows(module_database, LARGE, schema=service)} for service in SERVICES}


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_no_large_table_is_scanned_for(
    question: Question, databases: Mapping[str, Database], large: Mapping[str, set[str]]
) -> None:
    """Each of the question's statements, planned with its own parameters."""
    database = databases[question.service]
    statements = asked(database, lambda connection: question.ask(connection, LIMIT))
    assert statements
    with database.reads.connect() as connection:
        for statement in statements:
            (((plan,),),) = explained(connection, statement, "FORMAT JSON")
            scanned = large[question.service] & scans(plan["Plan"])
            if scanned:
                lines = "\n".join(line for (line,) in explained(connection, statement, "FORMAT TEXT"))
                pytest.fail(f"{question} scans {', '.join(scanned)}\n{lines}", pytrace=False)


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.name in IN_ORDER], ids=str)
def test_rows_come_in_the_order_of_an_index_for(question: Question, databases: Mapping[str, Database]) -> None:
    """No more are read for a page than it shows, however many a community or a reader has."""
    database = databases[question.service]
    statements = asked(database, lambda connection: question.ask(connection, LIMIT))
    with database.reads.connect() as connection:
        (((plan,),),) = explained(connection, statements[0], "FORMAT JSON")
    assert "Sort" not in {node["Node Type"] for node in nodes(plan["Plan"])}


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.name in BY_INDEX], ids=str)
def test_nothing_else_is_walked_past_for(question: Question, databases: Mapping[str, Database]) -> None:
    """What few rows are, or what many are of which none is new, is found by an index that leads to nothing else."""
    database = databases[question.service]
    statements = asked(database, lambda connection: question.ask(connection, LIMIT))
    used: set[str] = set()
    with database.reads.connect() as connection:
        for statement in statements:
            (((plan,),),) = explained(connection, statement, "FORMAT JSON")
            used |= {node["Index Name"] for node in nodes(plan["Plan"]) if "Index Name" in node}
    assert BY_INDEX[question.name] in used


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_is_among_the_questions(service: str) -> None:
    """Whatever a service answers page by page."""
    module = importlib.import_module(f"services.{service}.service")
    routes = (route for _, route in routes_of(getattr(module, f"{service.capitalize()}Service")))
    lists = {route.path for route in routes if route.query and issubclass(route.query, PageQuery)}
    assert lists - {question.path for question in QUESTIONS if question.service == service} == set()


def scans(plan: Plan) -> set[str]:
    """The tables that are read from one end to the other."""
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


def nodes(plan: Plan) -> Iterator[Plan]:
    """The plan's steps."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)
