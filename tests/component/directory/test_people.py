"""Suspending and reinstating accounts, and the list of people, over real HTTP."""

import pytest

from tests.component.directory.conftest import Doors
from tests.support.tables import rows

ADMINISTRATOR, DISTRICT, STREET = "admin.chunjiang", "supervisor.chunjiang", "supervisor.sanhe"
CLERK, OFFICER = "clerk.honghu", "officer.zhujian"
REASON = {"reason": "已调离岗位"}


def test_a_suspended_account_cannot_log_in_until_it_is_reinstated(doors: Doors, town_url: str) -> None:
    """Who decided, and why, is kept."""
    path = "/people/officer.minzheng"
    suspended = doors.ask("POST", f"{path}/suspension", ADMINISTRATOR, REASON)
    assert (suspended.status, suspended.body["state"], suspended.headers["ETag"]) == (200, "suspended", '"2"')
    refused = doors.log_in("officer.minzheng")
    assert (refused.status, refused.slug) == (403, "account-suspended")
    assert doors.log_in("officer.minzheng", "wrong").slug == "wrong-credentials"
    again = doors.ask("POST", f"{path}/suspension", ADMINISTRATOR, REASON)
    assert (again.status, again.body["detail"]) == (409, 'While it is "suspended" one cannot "suspend".')
    reinstated = doors.ask("POST", f"{path}/reinstatement", ADMINISTRATOR, {"reason": "已返岗"})
    assert (reinstated.status, reinstated.body["state"]) == (200, "active")
    assert doors.log_in("officer.minzheng").status == 200
    [[decisions]] = rows(town_url, "SELECT decisions FROM directory.person WHERE id = 'officer.minzheng'")
    assert [(one["action"], one["by"], one["reason"]) for one in decisions] == [
        ("suspend", ADMINISTRATOR, "已调离岗位"),
        ("reinstate", ADMINISTRATOR, "已返岗"),
    ]


@pytest.mark.parametrize("by", [CLERK, OFFICER, STREET, DISTRICT])
def test_only_administrators_suspend(doors: Doors, by: str) -> None:
    """No other role."""
    answer = doors.ask("POST", "/people/officer.fagai/suspension", by, REASON)
    assert (answer.status, answer.slug) == (403, "forbidden")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "slug"),
    [
        ("officer.nobody", REASON, {}, 404, "not-found"),
        ("a%00b", REASON, {}, 404, "no-such-address"),
        (ADMINISTRATOR, REASON, {}, 409, "own-account"),
        ("officer.fagai", REASON, {"If_Match": '"9"'}, 409, "stale-version"),
        ("officer.fagai", {}, {}, 422, "invalid"),
        ("officer.fagai", {"reason": "x" * 501}, {}, 422, "invalid"),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(
    doors: Doors, path: str, body: dict[str, str], headers: dict[str, str], status: int, slug: str
) -> None:
    """With the reason, and nothing changes."""
    answer = doors.ask("POST", f"/people/{path}/suspension", ADMINISTRATOR, body, **headers)
    assert (answer.status, answer.slug) == (status, slug)


def test_the_same_key_suspends_once(doors: Doors) -> None:
    """And gets the first answer again."""
    path = "/people/officer.gongdian/suspension"
    answers = [doors.ask("POST", path, ADMINISTRATOR, REASON, Idempotency_Key="k-1") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body


def test_people_are_listed_page_by_page_for_those_who_answer_for_their_area(doors: Doors) -> None:
    """Nobody is missing, nobody comes twice, no hash is told."""
    pages = [doors.ask("GET", "/people?limit=15", ADMINISTRATOR).body]
    while pages[-1]["next"]:
        pages.append(doors.ask("GET", f"/people?limit=15&after={pages[-1]['next']}", ADMINISTRATOR).body)
    assert [len(page["items"]) for page in pages] == [15, 15, 10]
    found = [one for page in pages for one in page["items"]]
    assert [one["id"] for one in found] == sorted({one["id"] for one in found})
    assert len(found) == 40
    assert set(found[0]) == {
        *("id", "name", "roles", "department", "area", "certificate", "phone", "state", "locked_until", "version")
    }


def test_the_street_sees_its_own_people_only(doors: Doors) -> None:
    """Not the district's."""
    areas = {one["area"] for one in doors.ask("GET", "/people", STREET).body["items"]}
    assert areas
    assert all(area == "cj.sanhe" or area.startswith("cj.sanhe.") for area in areas)
    assert len(doors.ask("GET", "/people", DISTRICT).body["items"]) == 40


@pytest.mark.parametrize("by", [CLERK, OFFICER, "reviewer.sanhe", "dispatcher.chunjiang", "callback.sanhe"])
def test_nobody_else_lists_people(doors: Doors, by: str) -> None:
    """Their telephone numbers are nobody's business."""
    assert doors.ask("GET", "/people", by).status == 403


def test_people_are_found_by_department_and_by_state(doors: Doors) -> None:
    """Both together too."""
    found = doors.ask("GET", "/people?department=zhujian&state=active", ADMINISTRATOR).body["items"]
    assert [one["id"] for one in found] == ["officer.zhujian", "officer2.zhujian"]
    assert doors.ask("GET", "/people?department=zhujian&state=suspended", ADMINISTRATOR).body["items"] == []


@pytest.mark.parametrize("by", ["officer.chengguan", "officer2.chengguan"])
def test_officers_and_heads_list_the_officers_of_their_own_department(doors: Doors, by: str) -> None:
    """Name, login and whether they hold a certificate: neither its number nor a telephone, and nobody suspended."""
    found = doors.ask("GET", "/colleagues", by).body
    assert found == {
        "items": [
            {"id": "officer.chengguan", "name": "石敬之", "certified": True},
            {"id": "officer2.chengguan", "name": "孟雪梅", "certified": True},
        ],
        "next": None,
    }
    path = "/people/officer2.chengguan"
    doors.ask("POST", f"{path}/suspension", ADMINISTRATOR, REASON)
    assert [one["id"] for one in doors.ask("GET", "/colleagues", by).body["items"]] == ["officer.chengguan"]
    doors.ask("POST", f"{path}/reinstatement", ADMINISTRATOR, REASON)


def test_who_holds_no_certificate_is_told_so(doors: Doors) -> None:
    """And a list may come page by page."""
    assert [one["certified"] for one in doors.ask("GET", "/colleagues", "officer.yingji").body["items"]] == [False]
    page = doors.ask("GET", "/colleagues?limit=1", "officer.zhujian").body
    rest = doors.ask("GET", f"/colleagues?limit=1&after={page['next']}", "officer.zhujian").body
    assert [one["name"] for one in page["items"] + rest["items"]] == ["高建川", "白晓筠"]
    assert rest["next"] is None


@pytest.mark.parametrize("by", [CLERK, STREET, ADMINISTRATOR])
def test_nobody_else_has_colleagues(doors: Doors, by: str) -> None:
    """Whoever answers for an area lists its people."""
    assert doors.ask("GET", "/colleagues", by).status == 403
