"""What a list shows in PostgreSQL is exactly what the policy allows."""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from shared.access.actor import Actor, Role, Scope
from shared.access.filters import visible
from shared.access.policy import POLICY
from shared.access.rules import allows
from shared.runtime.settings import with_driver

AREAS = ("cj", "cj.sanhe", "cj.sanhe.honghu", "cj.sanhe.honghu.g1", "cj.sanhe.honghu.g10", "cj.sanhe2", "cj.s%", "")
READERS = ("cj.sanhe", "cj.s%", "cj.sanhe.honghu", "cj.sanhe.honghu.g1")
DEPARTMENTS = ("chengguan", "zhujian", "")
PEOPLE = ("p-01", "p-99", "")
TAKING_PART = ((), ("chengguan",), ("zhujian", "xiaofang"))
READABLE = sorted(operation for operation, rule in POLICY.items() if not rule.never)

rows = Table(
    "rows",
    MetaData(),
    Column("area", Text),
    Column("department", Text),
    Column("author", Text),
    Column("taking_part", JSONB),
)
SCOPES = [
    Scope(area, department, author, taking_part=frozenset(taking_part))
    for area, department, author, taking_part in product(AREAS, DEPARTMENTS, PEOPLE, TAKING_PART)
]
ACTORS = [
    Actor("p-01", frozenset({role}), department, area)
    for role, department, area in product(Role, ("chengguan", ""), (*READERS, ""))
] + [Actor("p-01", frozenset(), "chengguan", "cj"), Actor("p-01", frozenset(Role), "chengguan", "cj.sanhe")]


@pytest.fixture(scope="module")
def connection(module_database: str) -> Iterator[Connection]:
    engine = create_engine(with_driver(module_database))
    with engine.connect() as connection:
        rows.metadata.create_all(connection)
        connection.execute(insert(rows), [_row(scope) for scope in SCOPES])
        yield connection
    engine.dispose()


def _row(scope: Scope) -> dict[str, object]:
    taking_part = sorted(scope.taking_part)
    return {"area": scope.area, "department": scope.department, "author": scope.author, "taking_part": taking_part}


def shown(connection: Connection, operation: str, actor: Actor) -> set[Scope]:
    condition = visible(
        operation,
        actor,
        area=rows.c.area,
        department=rows.c.department,
        author=rows.c.author,
        taking_part=rows.c.taking_part,
    )
    found = connection.execute(select(rows).where(condition))
    return {Scope(row.area, row.department, row.author, taking_part=frozenset(row.taking_part)) for row in found}


# Operations with the same rule give the same condition: one of each is enough.
DIFFERENT = {tuple(sorted(POLICY[operation].roles.items())): operation for operation in READABLE}


@pytest.mark.parametrize("operation", sorted(DIFFERENT.values()))
def test_a_list_shows_what_the_policy_allows_and_nothing_else(connection: Connection, operation: str) -> None:
    rule = POLICY[operation]
    for actor in ACTORS:
        assert shown(connection, operation, actor) == {scope for scope in SCOPES if allows(rule, actor, scope)}, actor


def test_a_tie_whose_column_is_not_given_shows_nothing(connection: Connection) -> None:
    officer = Actor("p-01", frozenset({Role.OFFICER}), "chengguan", "cj")
    condition = visible("dispatch.list_assignments", officer, area=rows.c.area)
    assert not connection.execute(select(rows).where(condition)).all()


def test_who_takes_part_may_be_told_by_a_condition(connection: Connection) -> None:
    officer = Actor("p-01", frozenset({Role.OFFICER}), "chengguan", "cj")
    condition = visible("dispatch.list_cases", officer, taking_part=rows.c.department == officer.department)
    found = connection.execute(select(rows).where(condition)).all()
    assert {row.department for row in found} == {"chengguan"}


@pytest.mark.parametrize("operation", sorted(POLICY.keys() - READABLE))
def test_a_rule_that_excludes_somebody_cannot_be_a_list(operation: str) -> None:
    with pytest.raises(ValueError, match="excludes"):
        visible(operation, ACTORS[0])
