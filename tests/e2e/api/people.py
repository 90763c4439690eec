"""Who comes to the API: somebody of each role, and whoever joined the example town for these tests."""

import csv
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.access.actor import Role
from shared.store.database import Database
from tools.client import Json, Person
from tools.load import load_town
from tools.system import EXAMPLE_TOWN
from tools.town import read_town

LOGINS = {
    Role.INTAKE_CLERK: "clerk.honghu",
    Role.REVIEWER: "reviewer.sanhe",
    Role.DISPATCHER: "dispatcher.chunjiang",
    Role.OFFICER: "officer.shichang",
    Role.SUPERVISOR: "supervisor.sanhe",
    Role.DISTRICT_SUPERVISOR: "supervisor.chunjiang",
    Role.CALLBACK_CLERK: "callback.sanhe",
    Role.ADMINISTRATOR: "admin.chunjiang",
}
# One more of each: their passwords may be changed, and their accounts locked or suspended, without harm to others.
SPARE = {role: f"new.{login}" for role, login in LOGINS.items()}
NOBODYS_MATTER = "E99-01"  # a category for which no department is responsible


@dataclass
class Somebody(Person):
    """A person who remembers what they were served: method and path of each answer below 400."""

    served: set[tuple[str, str]] = field(default_factory=set)

    def patch(self, path: str, body: Json) -> Json:
        """Change."""
        return self._ask("PATCH", path, body)

    def _ask(self, method: str, path: str, body: Json = None, **options: Any) -> Json:
        answer = super()._ask(method, path, body, **options)
        self.served.add((method, path.partition("?")[0]))
        return answer


def let_join(folder: Path, database_url: str) -> None:
    """Load the example town again with the spare people and the category that is nobody's matter."""
    town = Path(shutil.copytree(EXAMPLE_TOWN, folder / "town"))
    people = {row["id"]: row for row in _rows(town / "people.csv")}
    for number, (role, login) in enumerate(LOGINS.items(), 9000):
        certificate = people[login]["certificate"] and f"CJ-ZF-{number}"
        spare = {"id": SPARE[role], "name": "新同志", "certificate": certificate, "phone": f"100-0000-{number}"}
        _append(town / "people.csv", {**people[login], **spare})
    (lamp,) = (row for row in _rows(town / "categories.csv") if row["name"] == "路灯不亮")
    _append(town / "categories.csv", {**lamp, "code": NOBODYS_MATTER, "name": "无人负责的事项"})
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
