"""What officers do on a record, each under its operation's name: a state in which it succeeds, and the doing."""

from tests.e2e.api.people import Somebody
from tests.e2e.api.town import Town, photo, soon
from tests.e2e.api.words import CHECK, ORDER, REASON, RECHECK, RECUSAL, REVIEW, TEAM, TRANSFER


def upload_evidence(_town: Town, who: Somebody) -> None:
    who.post("/api/enforcement/uploads?name=site.jpg", data=photo())


def open_record(town: Town, who: Somebody) -> None:
    body = {"assignment_id": town.reported_in().id, "officers": [*TEAM]}
    soon(lambda: who.post("/api/enforcement/records", body))


def record_check(town: Town, who: Somebody) -> None:
    who.post(f"{town.record()}/checks", CHECK)


def add_evidence(town: Town, who: Somebody) -> None:
    upload = who.post("/api/enforcement/uploads?name=site.jpg", data=photo())
    said = {"upload_id": upload["id"], "description": "渗漏点", "source": "resident"}
    who.post(f"{town.record()}/evidence", said)


def review_evidence(town: Town, who: Somebody) -> None:
    evidence = town.evidence(town.record())
    who.post(f"/api/enforcement/evidence/{evidence['id']}/review", REVIEW)


def recuse_officer(town: Town, who: Somebody) -> None:
    who.post(f"{town.record()}/recusals", RECUSAL)


def order_rectification(town: Town, who: Somebody) -> None:
    who.post(f"{town.checked()}/orders", ORDER)


def recheck_rectification(town: Town, who: Somebody) -> None:
    who.post(f"{town.ordered()}/rechecks", RECHECK)


def conclude_record(town: Town, who: Somebody) -> None:
    record = town.ordered()
    who.post(f"{record}/rechecks", RECHECK)
    who.post(f"{record}/conclusion", REASON)


def transfer_record(town: Town, who: Somebody) -> None:
    who.post(f"{town.record()}/transfer", TRANSFER)
