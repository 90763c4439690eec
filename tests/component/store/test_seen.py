"""The policy in Python and the policy as SQL let each role see the same cases, whatever their area and departments."""

from itertools import chain, combinations, product

from sqlalchemy import Integer, NullPool, Text, column, create_engine, select, values
from sqlalchemy.dialects.postgresql import JSONB

from shared.access.actor import Actor, Role, Scope
from shared.access.filters import visible
from shared.store.database import driver_url
from shared.web.live import SEEN_BY, sees

AREAS = (
    "", "cj", "cj.sanhe", "cj.sanhe2", "cj.sanhe.honghu", "cj.sanhe.honghu2", "cj.sanhe.honghu.g01",
    "cj.sanhe.honghu.g011", "cj.sanhe.honghu.g01.x", "cj.dongmen", "cj.dongmen.honghu.g01", "c_", "cj.%", "other",
)  # fmt: skip
DEPARTMENTS = ("chengguan", "zhujian", "zhujian2")
SUMMONED = [*chain.from_iterable(combinations(DEPARTMENTS, count) for count in range(len(DEPARTMENTS) + 1))]
CASES = [*product(AREAS, SUMMONED)]
ROLES = [*({one} for one in Role), {Role.OFFICER, Role.SUPERVISOR}, {Role.INTAKE_CLERK, Role.DEPARTMENT_HEAD}, set()]


def test_both_forms_of_the_policy_agree_for_every_role_area_and_department(database: str) -> None:
    table = values(column("number", Integer), column("area", Text), column("departments", JSONB), name="cases").data(
        [(number, area, [*summoned]) for number, (area, summoned) in enumerate(CASES)]
    )
    seen_once = set[int]()
    with create_engine(driver_url(database), poolclass=NullPool).connect() as connection:
        for roles, area, department in product(ROLES, AREAS, ("", *DEPARTMENTS)):
            actor = Actor("p-01", frozenset(roles), department, area)
            condition = visible(SEEN_BY, actor, area=table.c.area, taking_part=table.c.departments)
            by_sql = {*connection.scalars(select(table.c.number).where(condition))}
            by_python = {
                number
                for number, (of_case, summoned) in enumerate(CASES)
                if sees(actor, Scope(area=of_case, taking_part=frozenset(summoned)))
            }
            assert by_sql == by_python, actor
            seen_once |= by_python
    assert len(seen_once) > len(CASES) / 2
