"""People and a small town, as tests of the directory need them."""

from typing import Any

from services.directory.commands.load_town import LoadTown
from services.directory.domain.dataset import Row
from services.directory.domain.person import Entry, Person
from shared.access.actor import Actor, Role

CLERK_ENTRY = Entry(
    id="clerk.honghu",
    name="何沐阳",
    roles=("intake_clerk",),
    department="shequ-honghu",
    area="cj.sanhe.honghu",
    certificate="",
    phone="100-0000-0008",
    password_hash="hash of the first password",
)
OFFICER_ENTRY = Entry(
    id="officer.zhujian",
    name="高建川",
    roles=("officer",),
    department="zhujian",
    area="cj",
    certificate="CJ-ZF-0001",
    phone="100-0000-0015",
    password_hash="hash of another password",
)
CLERK = Person.entered(CLERK_ENTRY)

HERSELF = Actor(CLERK.id, frozenset({Role.INTAKE_CLERK}), CLERK.department, CLERK.area)
ADMINISTRATOR = Actor("admin.chunjiang", frozenset({Role.ADMINISTRATOR}), "zhihui", "cj")
ELSEWHERE = Actor("admin.other", frozenset({Role.ADMINISTRATOR}), "zhihui", "other")

HEAD: Row = {"title": "社区党委书记", "name": "许文竹", "person_id": "secretary.honghu"}
GRID_HEAD: Row = {"title": "网格长", "name": "谷雨生"}


def area(code: str, *responsible: Row) -> Row:
    """An area as a town's table tells of it, with the names of who answers for it."""
    return {"code": code, "name": code, "level": "grid", "responsible": list(responsible)}


def town(*people: Entry, **datasets: tuple[Row, ...]) -> LoadTown:
    """The command that loads this town."""
    contents: dict[str, tuple[Row, ...]] = {
        "areas": (area("cj.sanhe.honghu", HEAD), area("cj.sanhe.honghu.g03", GRID_HEAD)),
        "departments": ({"code": "zhujian"},),
        "categories": ({"code": "E06-01"},),
        "kinds": ({"code": "daily"},),
        "responsibility": ({"category": "E06-01", "area": "cj", "lead": "zhujian"},),
        "officers": ({"id": "officer.zhujian", "department": "zhujian"},),
    }
    return LoadTown({**contents, **datasets}, people or (CLERK_ENTRY, OFFICER_ENTRY))


def announced(events: Any) -> dict[str, tuple[int, list[Row]]]:
    """Version and content of every set that was announced."""
    return {event.name: (event.version, event.content) for event in events}
