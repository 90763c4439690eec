"""Departments, categories, and who is responsible for what."""

from typing import Protocol

from services.directory.town.model import Area, Category, Department, Responsibility
from services.directory.town.problems import Problems, Source
from services.directory.town.tables import Table
from services.directory.town.town_tables import TownTables

CERTIFIED_OFFICERS = 2  # 行政处罚法 42


def check_departments(tables: TownTables, problems: Problems) -> None:
    """Names and aliases must point to one department, and one that enforces needs its officers."""
    owners: dict[str, str] = {}
    for source, department in tables.departments:
        if tables.areas.lacks(department.area):
            problems.add(source, "unknown-area", value=department.area)
        for alias in (department.name, *department.aliases):
            owner = owners.setdefault(alias, department.code)
            if owner != department.code:
                problems.add(source, "repeated-alias", alias=alias, other=owner)
        if department.enforces:
            _check_certificates(source, department, tables, problems)


def _check_certificates(source: Source, department: Department, tables: TownTables, problems: Problems) -> None:
    if tables.people.keys != frozenset(person.id for _, person in tables.people):
        return  # a person's row is wrong and has its own problem
    found = sum(person.department == department.code and bool(person.certificate) for _, person in tables.people)
    if found < CERTIFIED_OFFICERS:
        problems.add(source, "too-few-certificates", found=found)


def check_categories(tables: TownTables, problems: Problems) -> None:
    """Every category has a kind, and a first action with a limit is described."""
    for source, category in tables.categories:
        if tables.kinds.lacks(category.kind):
            problems.add(source, "unknown-kind", value=category.kind)
        if category.first_action_limit and not (category.first_action and category.first_action_en):
            problems.add(source, "limit-without-action")


class Units(Protocol):
    """What the responsibility table refers to, and the table."""

    @property
    def areas(self) -> Table[Area]: ...
    @property
    def departments(self) -> Table[Department]: ...
    @property
    def categories(self) -> Table[Category]: ...
    @property
    def responsibility(self) -> Table[Responsibility]: ...


def check_responsibility(tables: Units, problems: Problems) -> None:
    """Every row names what exists; the lead is no support, and no community leads what is not on its list."""
    own_list = {category.code: category.community_may_lead for _, category in tables.categories}
    communities = {department.code for _, department in tables.departments if department.kind == "community"}
    for source, row in tables.responsibility:
        if tables.categories.lacks(row.category):
            problems.add(source, "unknown-category", column="category", value=row.category)
        if tables.areas.lacks(row.area):
            problems.add(source, "unknown-area", column="area", value=row.area)
        for column, departments in (("lead", (row.lead,)), ("supports", row.supports)):
            for department in filter(tables.departments.lacks, departments):
                problems.add(source, "unknown-department", column=column, value=department)
        if row.lead in row.supports:
            problems.add(source, "lead-also-support", column="lead", department=row.lead)
        if row.lead in communities and not own_list.get(row.category, True):
            problems.add(source, "community-as-lead", column="lead", category=row.category, department=row.lead)
