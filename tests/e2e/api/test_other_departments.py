"""An officer tries every operation on what belongs to another department: refused each time, and nothing changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from shared.access.actor import Role
from tests.e2e.api import words
from tests.e2e.api.operations import Operation
from tests.e2e.api.town import Town, photo, soon
from tests.e2e.whole import Whole
from tools.client import Json
from tools.migrate import SERVICES

STRANGER, NEIGHBOUR = "officer.gongan", "officer.zhujian"  # the neighbour's department takes part in the same case

OF_THE_DEPARTMENT = {"assignment_id", "record_id", "evidence_id", "order_id"}
OF_THE_CASE = OF_THE_DEPARTMENT | {"case_id", "sha256", "photo_id"}

# What an officer of the right department would say; whoever has another role is refused before anything is read.
BODIES: dict[str, Json] = {
    "dispatch.report_in": words.SITE,
    "dispatch.report_progress": words.PROGRESS,
    "dispatch.feed_back": words.MEASURES,
    "dispatch.dispute_assignment": words.DISPUTE,
    "dispatch.request_extension": words.EXTENSION,
    "enforcement.record_check": words.CHECK,
    "enforcement.review_evidence": words.REVIEW,
    "enforcement.recuse_officer": words.RECUSAL,
    "enforcement.order_rectification": words.ORDER,
    "enforcement.recheck_rectification": words.RECHECK,
    "enforcement.conclude_record": words.REASON,
    "enforcement.transfer_record": words.TRANSFER,
    "closure.evaluate_street": words.SCORE,
    "supervision.answer_order": words.REPLY,
}
PLUMBING = ("inbox", "outbox", "unsent", "cursor", "parked")  # they say how messages travel, not what is


@dataclass(frozen=True)
class Theirs:
    """What 市场监管 has, by its names in addresses: a case at which it works, and one that it has handed over."""

    at_work: dict[str, str]
    handed_over: dict[str, str]

    def address(self, operation: Operation) -> str:
        """Where to try the operation on what is theirs; closure knows only what was handed over."""
        closure = operation.path.startswith("/api/closure/")
        return operation.path.format_map(self.handed_over if closure else self.at_work)


@pytest.fixture(scope="module")
def theirs(town: Town) -> Theirs:
    """住建 takes part in the case at which they work, 公安 in none."""
    digest = town.photo(town.person("clerk.honghu"))
    summons = town.in_progress(attachments=[digest])
    record = town.record(summons)
    order = {**words.ORDERED, "assignment_id": summons.id}
    street, orders = town.person("supervisor.sanhe"), f"/api/supervision/cases/{summons.case['id']}/orders"
    at_work = {
        "case_id": summons.case["id"],
        "assignment_id": summons.id,
        "record_id": record.rpartition("/")[2],
        "evidence_id": town.evidence(record)["id"],
        "sha256": digest,
        "order_id": soon(lambda: street.post(orders, order))["id"],
    }
    return Theirs(at_work, town.example)


@pytest.mark.parametrize(
    ("login", "variables"), [(STRANGER, OF_THE_CASE), (NEIGHBOUR, OF_THE_DEPARTMENT)], ids=["stranger", "neighbour"]
)
def test_whatever_an_officer_tries_on_what_is_anothers_is_refused_and_changes_nothing(
    town: Town, running_system: Whole, theirs: Theirs, login: str, variables: set[str]
) -> None:
    """403, or 404 as for what does not exist; also for the officer whose department takes part in the same case."""
    bodies = {**BODIES, "enforcement.add_evidence": evidence_of(town, login)}
    running_system.settled()
    before = everything(running_system)
    tried = {
        f"{one.method} {one.path}": ask(
            town, login, one.method, theirs.address(one), bodies.get(one.name, {} if one.kind else None)
        )
        for one in town.operations
        if variables & {*one.variables}
    }
    team = {"assignment_id": theirs.at_work["assignment_id"], "officers": [login, login.replace("officer", "officer2")]}
    tried["POST /api/enforcement/records"] = ask(town, login, "POST", "/api/enforcement/records", team)
    assert {what: status for what, status in tried.items() if status not in (403, 404)} == {}
    assert everything(running_system) == before


def test_every_operation_of_officers_on_a_case_is_tried_as_a_good_officer_would(town: Town) -> None:
    """With a body, so that it is the person that is refused, not the words."""
    with_body = {
        one.name for one in town.operations if Role.OFFICER in one.roles and OF_THE_CASE & {*one.variables} and one.kind
    }
    assert with_body == {*BODIES, "enforcement.add_evidence"}


def test_no_list_shows_an_officer_what_is_anothers(town: Town, theirs: Theirs) -> None:
    """Neither the case nor anything in it."""
    own = town.person(STRANGER)
    lists = [one.path for one in town.operations if one.method == "GET" and not one.variables]
    services = (
        "/api/dispatch/",
        "/api/enforcement/",
        "/api/notice/",
        "/api/supervision/orders",
        "/api/supervision/refusals",
    )
    asked = [path for path in lists if path.startswith(services)]
    shown = {path: json.dumps(own.get(f"{path}?limit=200")) for path in asked if readable(town, path)}
    assert shown
    assert [(path, name) for path, said in shown.items() for name in theirs.at_work.values() if name in said] == []


def readable(town: Town, path: str) -> bool:
    """Whether officers may ask for this list at all."""
    return any(one.path == path and Role.OFFICER in one.roles for one in town.operations)


def evidence_of(town: Town, login: str) -> Json:
    """Evidence that this officer sent in themselves."""
    sent = town.person(login).post("/api/enforcement/uploads?name=site.jpg", data=photo())
    return {"upload_id": sent["id"], "description": "渗漏点", "source": "officer"}


def ask(town: Town, login: str, method: str, path: str, body: Json) -> int:
    """The status that somebody gets."""
    return town.api.ask(method, path, body, token=town.person(login).token)[0]


def everything(whole: Whole) -> dict[str, str]:
    """What all services know, each table as a digest."""
    return dict(_digests(whole))


def _digests(whole: Whole) -> Iterator[tuple[str, str]]:
    wanted = "SELECT table_schema || '.\"' || table_name || '\"', table_name FROM information_schema.tables"
    for table, name in whole.rows(f"{wanted} WHERE table_schema = ANY(:services)", services=list(SERVICES)):
        if name not in PLUMBING:
            ((digest,),) = whole.rows(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t")
            yield table, digest
