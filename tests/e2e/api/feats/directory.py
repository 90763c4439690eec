"""What people do in the directory, each under its operation's name: a state in which it succeeds, and the doing."""

import csv

from shared.access.actor import Role
from tests.e2e.api.people import NEW, Somebody
from tests.e2e.api.town import Town
from tests.e2e.api.words import REASON
from tests.support.example import EXAMPLE
from tools.story.stage import PASSWORD

ANOTHER = "another-password"


def log_in(_town: Town, who: Somebody) -> None:
    who.post("/api/directory/sessions", {"login": NEW[Role.REVIEWER], "password": PASSWORD})


def change_password(_town: Town, who: Somebody) -> None:
    for old, new in ((PASSWORD, ANOTHER), (ANOTHER, PASSWORD)):
        who.post("/api/directory/me/password", {"old_password": old, "new_password": new})


def suspend_account(_town: Town, who: Somebody) -> None:
    for done in ("suspension", "reinstatement"):
        who.post(f"/api/directory/people/{NEW[Role.OFFICER]}/{done}", REASON)


reinstate_account = suspend_account


def import_responsibility(town: Town, who: Somebody) -> None:
    rows = town.person(NEW[Role.DISPATCHER]).get("/api/directory/responsibility?limit=200")["items"]
    lines = (",".join((row["category"], row["area"], row["lead"], " ".join(row["supports"]))) for row in rows)
    table = "\n".join(("category,area,lead,supports", *lines)).encode()
    who.post("/api/directory/responsibility?dry_run=true", data=table)
    who.post("/api/directory/responsibility", data=table)


def import_calendar(_town: Town, who: Somebody) -> None:
    with (EXAMPLE / "calendar.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "year": 2026} for row in csv.DictReader(file) if row["year"] == "2026"]
    who.post("/api/directory/calendars", {"rows": rows})
