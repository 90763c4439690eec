"""Every other operation of dispatch through its doors; wrong, repeated and simultaneous requests."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.directory.town import to_snapshots
from shared.contracts.directory import ReferencePublishedV1
from shared.runtime.clock import now
from tests.component.dispatch.conftest import Office, Summoned
from tests.support.eventually import eventually
from tests.unit.dispatch.samples import whistle

DISPATCHER, STREET, DISTRICT = "dispatcher.chunjiang", "supervisor.sanhe", "supervisor.chunjiang"
REASON = {"reason": "经核实"}
TREES = "E06-11"


def awaited(office: Office) -> Any:
    """A whistle for which the table names nobody."""
    told = whistle(case_id=uuid4(), category="E99-99", whistled_at=now())
    office.tell(told)
    assert office.hears(told.case_id, "dispatch.awaited.v1")["reason"] == "nobody-responsible"
    return told


def test_a_case_that_awaits_a_dispatcher_waits_until_its_matter_is_known(office: Office) -> None:
    """409 with the reason, while the directory knows no limits for it."""
    told = awaited(office)
    assert office.get(f"/cases/{told.case_id}", DISPATCHER)["case"]["state"] == "awaiting"
    body = {"lead": "zhujian", "supports": [], **REASON}
    answer = office.ask("POST", f"/cases/{told.case_id}/summons", DISPATCHER, body)
    assert (answer.status, answer.slug) == (409, "limits-unknown")


def test_a_dispatcher_summons_for_a_case_that_awaits_one(office: Office) -> None:
    """A newer table no longer names anybody for trees; it counts from the next whistle on."""
    rows = to_snapshots(office.town)["responsibility"]
    office.tell(ReferencePublishedV1("responsibility", 2, [row for row in rows if row["category"] != TREES]))
    kept = "SELECT version FROM dispatch.reference WHERE name = 'responsibility'"
    eventually(lambda: office.rows(kept) == [(2,)])
    told = whistle(case_id=uuid4(), category=TREES, kind="daily", whistled_at=now())
    office.tell(told)
    assert office.hears(told.case_id, "dispatch.awaited.v1")["reason"] == "nobody-responsible"
    body = {"lead": "yuanlin", "supports": ["wuye"], **REASON}
    summoned = office.do(f"/cases/{told.case_id}/summons", DISPATCHER, body)
    assert (summoned["state"], summoned["dispatched_at"] is not None) == ("dispatched", True)
    dispatched = office.hears(told.case_id, "case.dispatched.v1")
    assert dispatched["dispatched_by"] == DISPATCHER
    assert [one["limit_minutes"] for one in dispatched["summons"]] == [7200, 7200]


def test_a_dispatcher_corrects_who_is_summoned(office: Office) -> None:
    """Only who changes is summoned anew; all is announced at once."""
    story = office.blow()
    body = {"lead": "chengguan", "supports": ["zhujian", "shichang"], **REASON}
    office.do(f"/cases/{story.case}/summons", DISPATCHER, body)
    changed = office.hears(story.case, "summons.changed.v1")
    assert {one["department"]: one["part"] for one in changed["summons"]} == {
        "chengguan": "lead",
        "zhujian": "support",
        "shichang": "support",
    }
    assert set(changed["removed"]) == {story.ids["zhujian"], story.ids["chengguan"]}
    shown = office.get(f"/cases/{story.case}", DISPATCHER)["summons"]
    assert Counter(one["state"] for one in shown) == {"to_sign": 3, "withdrawn": 2}


def test_a_support_is_added_while_the_case_is_in_progress(office: Office) -> None:
    """201, and a summons of its own."""
    story = office.blow()
    story.work("zhujian")
    body = {"department": "shuiwu", **REASON}
    answer = office.ask("POST", f"/cases/{story.case}/supports", DISPATCHER, body)
    assert (answer.status, answer.body["department"], answer.body["part"]) == (201, "shuiwu", "support")
    assert office.hears(story.case, "summons.changed.v1")["added"] == [answer.body["id"]]


@pytest.mark.parametrize(
    ("body", "slug", "field"),
    [
        ({"lead": "shequ-honghu"}, "community-may-not-lead", "lead"),
        ({"lead": "nobody"}, "department-unknown", "lead"),
        ({"lead": "zhujian", "supports": ["shequ-liuxi"]}, "department-elsewhere", "supports"),
        ({"lead": "zhujian", "supports": ["zhujian"]}, "summoned-twice", "supports"),
        ({"lead": "zhujian", "supports": "chengguan"}, "invalid", "supports"),
        ({"supports": []}, "invalid", "lead"),
        ({"lead": "zhujian", "reason": "  \n "}, "invalid", "reason"),
        ({"lead": "zhujian", "more": 1}, "invalid", "more"),
    ],
)
def test_a_wrong_summons_is_refused_and_its_field_named(
    office: Office, body: dict[str, Any], slug: str, field: str
) -> None:
    """422 in the reader's language; nothing is half changed."""
    story = office.blow()
    answer = office.ask("POST", f"/cases/{story.case}/summons", DISPATCHER, {**REASON, **body}, Accept_Language="zh")
    assert (answer.status, answer.slug) == (422, slug)
    assert [one["field"] for one in answer.body["errors"]] == [field]
    assert all("一" <= one["message"][0] <= "鿿" for one in answer.body["errors"])
    assert office.types(story.case) == ["case.dispatched.v1"]


def test_a_dispute_is_upheld_once_and_then_there_is_no_second(office: Office) -> None:
    """The department must sign."""
    story = office.blow()
    story.step("zhujian", "dispute", {"legal_basis": "机构职责规定第三条"})
    upheld = story.step("zhujian", "dispute/dismissal", REASON, by=STREET)
    assert (upheld["state"], upheld["dispute"]["upheld"]) == ("to_sign", True)
    again = office.ask("POST", story.path("zhujian", "dispute"), "officer.zhujian", {"legal_basis": "同上"})
    assert (again.status, again.slug) == (409, "already-disputed")
    assert story.step("zhujian", "signature")["state"] == "signed"


def test_a_justified_dispute_summons_another_department(office: Office) -> None:
    """The first keeps its record; the second has its own, with its own clock."""
    story = office.blow()
    story.step("zhujian", "dispute", {"legal_basis": "机构职责规定第三条"})
    ended = story.step("zhujian", "dispute/rerouting", {"department": "shuiwu", **REASON}, by=DISTRICT)
    assert (ended["state"], ended["ending"]["reason"]) == ("rerouted", "经核实")
    ruled = office.hears(story.case, "dispute.ruled.v1")
    new = office.get(f"/assignments/{ruled['new_assignment_id']}", "officer.shuiwu")["assignment"]
    assert (new["part"], new["state"], new["round"]) == ("lead", "to_sign", 1)
    assert new["dispatched_at"] > ended["dispatched_at"]


def test_two_extensions_by_two_levels_and_no_third(office: Office) -> None:
    """The street the first, the district the second; a refused one does not count."""
    story = office.blow()
    story.step("zhujian", "signature")
    ask = {"minutes": 600, **REASON}
    story.step("zhujian", "extensions", ask)
    assert story.step("zhujian", "extensions/refusal", REASON, by=STREET)["limit_minutes"] == 10080
    story.step("zhujian", "extensions", ask)
    assert office.ask("POST", story.path("zhujian", "extensions/1/grant"), DISTRICT, REASON).status == 403
    assert story.step("zhujian", "extensions/1/grant", REASON, by=STREET)["limit_minutes"] == 10680
    story.step("zhujian", "extensions", ask)
    assert story.step("zhujian", "extensions/2/grant", REASON, by=DISTRICT)["limit_minutes"] == 11280
    third = office.ask("POST", story.path("zhujian", "extensions"), "officer.zhujian", ask)
    assert (third.status, third.slug) == (409, "no-third-extension")
    rulings = [content["granted"] for type, content in office.announced(story.case) if type == "extension.ruled.v1"]
    assert rulings == [False, True, True]


def test_a_suspended_case_stands_still_until_the_district_lets_it_go_on(office: Office) -> None:
    """Nobody takes a step meanwhile; the street may let people leave."""
    story = office.blow()
    story.work("zhujian")
    review = (now() + timedelta(days=7)).isoformat()
    body = {"review_by": review, **REASON}
    suspended = office.do(f"/cases/{story.case}/suspension", DISTRICT, body)
    assert (suspended["state"], suspended["suspensions"][0]["reason"]) == ("suspended", "经核实")
    refused = office.ask("POST", story.path("chengguan", "signature"), "officer.chengguan")
    assert (refused.status, refused.slug) == (409, "illegal-transition")
    assert refused.body["detail"] == 'While it is "suspended" one cannot "proceed".'
    assert story.step("zhujian", "release", by=STREET)["releases"][0]["by"] == STREET
    assert office.do(f"/cases/{story.case}/resumption", DISTRICT, REASON)["state"] == "in_progress"
    story.step("chengguan", "signature")


def test_a_support_that_stays_away_is_excused_and_the_lead_goes_on(office: Office) -> None:
    """By the dispatcher or the street."""
    story = office.blow()
    story.work("zhujian")
    for support, by in (("chengguan", DISPATCHER), ("shichang", STREET)):
        assert story.step(support, "excuse", REASON, by=by)["state"] == "excused"
    story.feed_back("zhujian")
    assert story.state() == "to_verify"


def test_fifty_signatures_at_once_are_one_signature(office: Office) -> None:
    """One wins, 49 are told that it is signed already, and one event is announced."""
    story = office.blow()
    with ThreadPoolExecutor(50) as pool:
        answers = [
            pool.submit(office.ask, "POST", story.path("zhujian", "signature"), "officer.zhujian") for _ in range(50)
        ]
        statuses = Counter(answer.result().status for answer in answers)
    assert statuses == {200: 1, 409: 49}
    assert office.types(story.case).count("assignment.signed.v1") == 1


def test_fifty_repetitions_of_one_request_are_answered_alike(office: Office) -> None:
    """One Idempotency-Key: the same status and body for all."""
    story = office.blow()
    key = str(uuid4())

    def sign(_: int) -> tuple[int, str]:
        answer = office.ask("POST", story.path("zhujian", "signature"), "officer.zhujian", Idempotency_Key=key)
        return answer.status, str(answer.body)

    with ThreadPoolExecutor(50) as pool:
        answers = Counter(pool.map(sign, range(50)))
    assert [status for status, _ in answers] == [200]
    assert office.types(story.case).count("assignment.signed.v1") == 1


def test_a_version_that_is_no_longer_present_is_refused(office: Office) -> None:
    """The ETag of what was read, given as If-Match."""
    story = office.blow()
    read = office.ask("GET", story.path("zhujian"), "officer.zhujian")
    signed = office.ask("POST", story.path("zhujian", "signature"), "officer.zhujian", If_Match=read.headers["ETag"])
    assert (signed.status, signed.headers["ETag"]) == (200, '"2"')
    stale = office.ask(
        "POST", story.path("zhujian", "dispute"), "officer.zhujian", {"legal_basis": "第三条"}, If_Match='"1"'
    )
    assert (stale.status, stale.slug) == (409, "stale-version")


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("report", {}, "body"),
        ("report", {"longitude": 118.1}, "body"),
        ("report", {"longitude": 181, "latitude": 32}, "longitude"),
        ("report", {"address": " "}, "address"),
        ("feedback", {"measures": "好"}, "measures"),
        ("feedback", {"measures": 7}, "measures"),
        ("dispute", {}, "legal_basis"),
        ("extensions", {"minutes": "many", **REASON}, "minutes"),
        ("extensions", {"minutes": 0, **REASON}, "minutes"),
        ("extensions", {"minutes": 5041, **REASON}, "minutes"),
    ],
)
def test_a_wrong_body_is_refused_and_its_field_named(
    office: Office, shared_story: Summoned, step: str, body: Any, field: str
) -> None:
    """422; the assignment stays as it is."""
    answer = office.ask("POST", shared_story.path("zhujian", step), "officer.zhujian", body)
    assert answer.status == 422
    assert [one["field"] for one in answer.body["errors"]] == [field]
    assert shared_story.show("zhujian")["version"] == 2


@pytest.fixture(scope="module")
def shared_story(office: Office) -> Summoned:
    """A case whose lead has signed, and which nobody changes."""
    story = office.blow()
    story.step("zhujian", "signature")
    return story


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    """404 for reading and for doing."""
    for method, path in (
        ("GET", f"/cases/{uuid4()}"),
        ("GET", f"/assignments/{uuid4()}"),
        ("POST", f"/cases/{uuid4()}/resumption"),
        ("POST", f"/assignments/{uuid4()}/excuse"),
    ):
        by = DISTRICT if "resumption" in path else DISPATCHER
        answer = office.ask(method, path, by, REASON if method == "POST" else None)
        assert (answer.status, answer.slug) == (404, "not-found")
