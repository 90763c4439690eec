"""The directory's routes over real HTTP: logins, accounts, people, areas, places, departments, categories."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median

import pytest

from tests.component.directory.conftest import PASSWORD, Doors, execute, rows

ADMINISTRATOR, DISTRICT, STREET = "admin.chunjiang", "supervisor.chunjiang", "supervisor.sanhe"
CLERK, OFFICER = "clerk.honghu", "officer.zhujian"
REASON = {"reason": "已调离岗位"}


def test_a_login_gives_a_token_for_15_minutes_and_says_whose_it_is(doors: Doors) -> None:
    """The token opens the account."""
    answer = doors.log_in(CLERK)
    assert answer.status == 200
    assert answer.body["person"] == {
        "id": CLERK,
        "name": "何沐阳",
        "roles": ["intake_clerk"],
        "department": "shequ-honghu",
        "area": "cj.sanhe.honghu",
    }
    lifetime = datetime.fromisoformat(answer.body["expires_at"]).timestamp() - time.time()
    assert 14 * 60 < lifetime <= 15 * 60
    mine = doors.ask("GET", "/me", Authorization=f"Bearer {answer.body['token']}")
    assert (mine.status, mine.body["id"], mine.body["state"]) == (200, CLERK, "active")


@pytest.mark.parametrize(("login", "password"), [(CLERK, "wrong"), ("nobody.here", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_are_refused_in_the_same_words(
    doors: Doors, login: str, password: str
) -> None:
    """Nobody learns which logins exist."""
    answer = doors.log_in(login, password)
    assert (answer.status, answer.slug) == (401, "wrong-credentials")
    assert answer.body["detail"] == "The login or the password is wrong"


def test_unknown_logins_take_as_long_as_known_ones(doors: Doors) -> None:
    """The quickest of several tries each: a hash is computed for both."""
    took: dict[str, list[float]] = {"officer.ranqi": [], "nobody.here": []}
    for _ in range(4):
        for login, times in took.items():
            begun = time.perf_counter()
            doors.log_in(login, "wrong")
            times.append(time.perf_counter() - begun)
    known, unknown = map(min, took.values())
    assert known / 2 < unknown < known * 2


def test_the_fifth_wrong_password_locks_and_the_right_one_is_told_until_when(doors: Doors, town_url: str) -> None:
    """In the reader's language; 15 minutes later the right one is good again."""
    assert [doors.log_in("clerk.liuxi", "wrong").status for _ in range(5)] == [401] * 5
    locked = doors.log_in("clerk.liuxi", language="zh")
    assert (locked.status, locked.slug, locked.body["title"]) == (403, "account-locked", "账号已暂时锁定")
    assert "还有 15 分钟" in locked.body["detail"]
    execute(
        town_url,
        "UPDATE directory.person SET locked_until = now() - interval '1 second' WHERE id = 'clerk.liuxi'",
    )
    assert doors.log_in("clerk.liuxi").status == 200
    assert rows(town_url, "SELECT locked_until FROM directory.person WHERE id = 'clerk.liuxi'") == [(None,)]


def test_twenty_guesses_at_once_are_five_guesses(doors: Doors) -> None:
    """Whatever arrives together is counted one after the other."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: doors.log_in("clerk.jinsui", "guess"), range(20)))
    assert sorted(answer.status for answer in answers) == [401] * 5 + [403] * 15


def test_logins_do_not_freeze_the_service(doors: Doors) -> None:
    """While passwords are hashed, light requests are answered between them."""
    with ThreadPoolExecutor(24) as pool:
        begun = time.perf_counter()
        logins = [pool.submit(doors.log_in, "officer.gongre") for _ in range(24)]
        light = []
        while not all(login.done() for login in logins):
            asked = time.perf_counter()
            assert doors.ask("GET", "/livez").status == 200
            light.append(time.perf_counter() - asked)
        whole = time.perf_counter() - begun
    assert {login.result().status for login in logins} == {200}
    assert median(light) < whole / 5


def test_everybody_changes_their_own_password(doors: Doors) -> None:
    """The old one is no longer good."""
    login, new = "officer.sifa", "春江的新密码-2026"
    doors.token(login)
    changed = doors.ask("POST", "/me/password", login, {"old_password": PASSWORD, "new_password": new})
    assert (changed.status, changed.body) == (204, None)
    assert doors.log_in(login).status == 401
    assert doors.log_in(login, new).status == 200


def test_a_wrong_old_password_changes_nothing_and_counts_as_a_failed_login(doors: Doors, town_url: str) -> None:
    """So that an open desk does not let anybody guess."""
    login = "officer.renshe"
    answer = doors.ask(
        "POST", "/me/password", login, {"old_password": "wrong-password", "new_password": "long-enough-1"}, "zh"
    )
    assert (answer.status, answer.body["errors"]) == (422, [{"field": "old_password", "message": "原密码不正确。"}])
    assert rows(town_url, f"SELECT failed_logins FROM directory.person WHERE id = '{login}'") == [(1,)]
    assert doors.log_in(login).status == 200


@pytest.mark.parametrize(
    ("new", "message"),
    [("short", "Length must be between 10 and 256."), (PASSWORD, "Must be another one.")],
)
def test_a_new_password_is_long_and_new(doors: Doors, new: str, message: str) -> None:
    """At least ten characters."""
    answer = doors.ask("POST", "/me/password", CLERK, {"old_password": PASSWORD, "new_password": new})
    assert (answer.status, answer.body["errors"]) == (422, [{"field": "new_password", "message": message}])


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


def test_areas_are_listed_by_parent_and_by_level(doors: Doors) -> None:
    """From the top down."""
    [district] = doors.ask("GET", "/areas?level=district", OFFICER).body["items"]
    assert (district["code"], district["parent"]) == ("cj", None)
    communities = doors.ask("GET", "/areas?parent=cj.sanhe", OFFICER).body["items"]
    assert [one["name"] for one in communities] == ["弘湖社区", "金穗社区", "柳溪社区"]
    cells = doors.ask("GET", "/areas?level=cell&limit=30", OFFICER).body
    rest = doors.ask("GET", f"/areas?level=cell&limit=30&after={cells['next']}", OFFICER).body
    assert (len(cells["items"]), len(rest["items"]), rest["next"]) == (30, 10, None)


def test_an_area_is_shown_with_its_boundary_and_people(doors: Doors) -> None:
    """By name, with the login of whoever has one."""
    grid = doors.ask("GET", "/areas/cj.sanhe.honghu.g03", OFFICER).body
    assert grid["boundary"]["type"] == "Polygon"
    assert grid["responsible"] == [
        {"title": "网格长", "name": "谷雨生", "person_id": None},
        {"title": "网格员", "name": "林清荷", "person_id": "grid.honghu.g03"},
    ]
    assert doors.ask("GET", "/areas/cj.nowhere", OFFICER).slug == "not-found"


@pytest.mark.parametrize("path", ["/places?address=西湖春天3栋2单元", "/places?address=弘湖社区 西湖春天 3栋2单元门厅"])
def test_an_address_leads_to_somebody_responsible_at_every_level(doors: Doors, path: str) -> None:
    """区, 街道, 社区, 网格, 楼栋单元格."""
    place = doors.ask("GET", path, CLERK).body
    assert place["area"] == "cj.sanhe.honghu.g03.c10"
    assert [area["level"] for area in place["chain"]] == ["district", "street", "community", "grid", "cell"]
    assert [area["responsible"][0]["name"] for area in place["chain"]] == [
        "魏长河",
        "邱秋实",
        "许文竹",
        "谷雨生",
        "吕天成",
    ]


def test_a_point_leads_to_the_same_chain(doors: Doors) -> None:
    """A point in the middle of the cell."""
    boundary = doors.ask("GET", "/areas/cj.sanhe.honghu.g03.c10", CLERK).body["boundary"]["coordinates"][0]
    longitude, latitude = (sum(point[axis] for point in boundary[:-1]) / (len(boundary) - 1) for axis in (0, 1))
    place = doors.ask("GET", f"/places?longitude={longitude}&latitude={latitude}", CLERK).body
    assert place["area"] == "cj.sanhe.honghu.g03.c10"
    assert len(place["chain"]) == 5


@pytest.mark.parametrize("query", ["longitude=0&latitude=0", "address=月球"])
def test_a_place_outside_every_area_is_told_so(doors: Doors, query: str) -> None:
    """404, in plain words."""
    answer = doors.ask("GET", f"/places?{query}", CLERK, language="zh")
    assert (answer.status, answer.slug, answer.body["title"]) == (404, "outside-every-area", "该地点不在任何网格内")


@pytest.mark.parametrize(
    "query", ["", "longitude=118", "longitude=118&latitude=32&address=x", "longitude=181&latitude=1", "address="]
)
def test_a_place_is_either_a_point_or_an_address(doors: Doors, query: str) -> None:
    """And within the globe."""
    assert doors.ask("GET", f"/places?{query}", CLERK).status == 422


def test_departments_are_for_staff_and_categories_for_everybody(doors: Doors) -> None:
    """A resident has to choose what to report."""
    departments = doors.ask("GET", "/departments", OFFICER).body["items"]
    assert len(departments) == 27
    assert departments[-1]["name"] == "区自然资源局"
    assert doors.ask("GET", "/departments").slug == "token-missing"
    categories = doors.ask("GET", "/categories").body["items"]
    assert len(categories) == 30
    leak = next(one for one in categories if one["code"] == "E06-01")
    assert (leak["name"], leak["kind"], leak["limit"]) == ("商户漏水至公共部位", "joint_enforcement", "7d")


def test_what_is_loaded_again_is_answered_at_once(doors: Doors, town_url: str) -> None:
    """The tables in memory follow the database."""
    doors.ask("GET", "/areas/cj", OFFICER)
    execute(
        town_url,
        "UPDATE directory.dataset SET version = version + 1, "
        "content = replace(content::text, '魏长河', '接任者')::jsonb WHERE id = 'responsible'",
    )
    assert doors.ask("GET", "/areas/cj", OFFICER).body["responsible"][0]["name"] == "接任者"
    execute(
        town_url,
        "UPDATE directory.dataset SET version = version + 1, "
        "content = replace(content::text, '接任者', '魏长河')::jsonb WHERE id = 'responsible'",
    )
    assert doors.ask("GET", "/areas/cj", OFFICER).body["responsible"][0]["name"] == "魏长河"


def test_every_answer_has_the_fields_that_the_description_promises(doors: Doors) -> None:
    """All of them, and none besides."""
    document = doors.ask("GET", "/openapi.json").body
    assert {path for path in document["paths"] if not path.startswith("/openapi")} == {
        *("/sessions", "/me", "/me/password", "/people", "/people/{person_id}/suspension"),
        *("/people/{person_id}/reinstatement", "/areas", "/areas/{code}", "/places", "/departments", "/categories"),
    }
    for path, name in [("/departments", "DepartmentView"), ("/categories", "CategoryView"), ("/areas", "AreaView")]:
        [row, *_] = doors.ask("GET", f"{path}?limit=1", OFFICER).body["items"]
        assert set(row) == set(document["components"]["schemas"][name]["properties"])


def test_what_is_logged_holds_no_password_and_nobodys_name(doors: Doors) -> None:
    """After all that happened above."""
    logged = doors.log.read_text("utf-8")
    assert '"serving"' in logged
    for personal in (PASSWORD, "wrong-password", "何沐阳", "魏长河", "100-0000-0008"):
        assert personal not in logged
