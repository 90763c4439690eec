"""People, their roles and certificates, and who answers for each area."""

from services.directory.town.model import Person
from services.directory.town.problems import Problems, Source
from services.directory.town.town_tables import TownTables
from shared.access.actor import Role

OF_DEPARTMENTS = (Role.OFFICER, Role.DEPARTMENT_HEAD)  # they work where their department does


def check_people(tables: TownTables, problems: Problems) -> None:
    """Every person has the department, area and certificate that their roles need."""
    enforcing = {department.code for _, department in tables.departments if department.enforces}
    holders: dict[str, str] = {}
    for source, person in tables.people:
        if tables.departments.lacks(person.department):
            problems.add(source, "unknown-department", column="department", value=person.department)
        if tables.areas.lacks(person.area):
            problems.add(source, "unknown-area", value=person.area)
        _check_roles(source, person, enforcing, problems)
        holder = holders.setdefault(person.certificate, person.id) if person.certificate else person.id
        if holder != person.id:
            problems.add(source, "repeated-certificate", certificate=person.certificate, other=holder)


def _check_roles(source: Source, person: Person, enforcing: set[str], problems: Problems) -> None:
    for role in person.roles:
        if role in OF_DEPARTMENTS and not person.department:
            problems.add(source, "role-needs-department", role=role)
        if role not in OF_DEPARTMENTS and not person.area:
            problems.add(source, "role-needs-area", role=role)
    officer = Role.OFFICER in person.roles
    if officer and person.department in enforcing and not person.certificate:
        problems.add(source, "certificate-missing", department=person.department)
    if person.certificate and not officer:
        problems.add(source, "certificate-without-officer")


def check_responsible(tables: TownTables, problems: Problems) -> None:
    """Every row names an area that exists, and either somebody with an account or a plain name."""
    for source, row in tables.responsible:
        if tables.areas.lacks(row.area):
            problems.add(source, "unknown-area", value=row.area)
        if tables.people.lacks(row.person):
            problems.add(source, "unknown-person", value=row.person)
        if bool(row.person) == bool(row.name):
            problems.add(source, "person-or-name")
