"""Who comes to the API: somebody of each role, and whoever joined the example town for these tests."""

import csv
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from services.directory.town import read_town
from shared.access.actor import Role
from shared.store.database import Database
from tools.client import Json, Person
from tools.load import load_town
from tools.system import EXAMPLE_TOWN

LOGINS = {
    Role.INTAKE_CLERK: "clerk.honghu",
    Role.REVIEWER: "reviewer.sanhe",
    Role.DISPATCHER: "dispatcher.chunjiang",
    Role.OFFICER: "officer.shichang",
    Role.DEPARTMENT_HEAD: "officer.wuye",
    Role.SUPERVISOR: "supervisor.sanhe",
    Role.DISTRICT_SUPERVISOR: "supervisor.chunjiang",
    Role.CALLBACK_CLERK: "callback.sanhe",
    Role.ADMINISTRATOR: "admin.chunjiang",
}
# Two more of each join for these tests: one who had no hand in any case, and one who presses every button and whose
# account may be locked for it.
NEW = {role: f"new.{login}" for role, login in LOGINS.items()}
RASH = {role: f"rash.{login}" for role, login in LOGINS.items()}
NOBODYS_MATTER = "E99-01"  # a category for which no department is responsible
HASTY_MATTER = "E99-02"  # one in which departments are to report in within a second


class Served(NamedTuple):
    """What somebody asked for, and the answer below 400 that they got."""

    method: str
    path: str
    status: int
    answer: Json


@dataclass
class Somebody(Person):
    """A person who remembers what they were served."""

    served: list[Served] = field(default_factory=list)

    def patch(self, path: str, body: Json) -> Json:
        """Change."""
        return self._ask("PATCH", path, body)

    def put(self, path: str, body: Json) -> Json:
        """Put in place of what was there."""
        return self._ask("PUT", path, body)

    def _once(self, method: str, path: str, body: Json, options: dict[str, Any]) -> tuple[int, Json]:
        status, answer = super()._once(method, path, body, options)
        if status < 400:
            self.served.append(Served(method, path.partition("?")[0], status, answer))
        return status, answer


def let_join(folder: Path, database_url: str) -> None:
    """Load the example town again with the people who join and the categories of these tests."""
    town = Path(shutil.copytree(EXAMPLE_TOWN, folder / "town"))
    people = {row["id"]: row for row in _rows(town / "people.csv")}
    joining = [(login, role) for logins in (NEW, RASH) for role, login in logins.items()]
    for number, (login, role) in enumerate(joining, 9000):
        like = people[LOGINS[role]]
        certificate = like["certificate"] and f"CJ-ZF-{number}"
        own = {"id": login, "name": "新同志", "roles": role.value}
        own |= {"certificate": certificate, "phone": f"100-0000-{number}"}
        _append(town / "people.csv", {**like, **own})
    (lamp,) = (row for row in _rows(town / "categories.csv") if row["name"] == "路灯不亮")
    _append(town / "categories.csv", {**lamp, "code": NOBODYS_MATTER, "name": "无人负责的事项"})
    (lift,) = (row for row in _rows(town / "categories.csv") if row["name"] == "电梯故障")
    (its,) = (row for row in _rows(town / "responsibility.csv") if row["category"] == lift["code"])
    limit = {"kind": lift["kind"], "category": HASTY_MATTER, "area": "", "clock": "report_in", "limit": "1s"}
    _append(town / "categories.csv", {**lift, "code": HASTY_MATTER, "name": "须立即到场的事项"})
    _append(town / "responsibility.csv", {**its, "category": HASTY_MATTER})
    _append(town / "policies.csv", {**limit, "calendar": "N", "valid_from": "2026-01-01", "valid_to": ""})
    database = Database(database_url, "directory", readers=1)
    try:
        load_town(database, read_town(town))
    finally:
        database.close()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _append(path: Path, row: dict[str, str]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(row)).writerow(row)
