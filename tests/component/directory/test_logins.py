"""Logging in and changing one's password over real HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median

import pytest

from tests.component.directory.conftest import PASSWORD, Doors
from tests.support.tables import execute, rows

CLERK = "clerk.honghu"


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
    body = {"old_password": "wrong-password", "new_password": "long-enough-1"}
    answer = doors.ask("POST", "/me/password", login, body, Accept_Language="zh")
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


def test_what_is_logged_holds_no_password_and_nobodys_name(doors: Doors) -> None:
    """Of a failed login, of a town just read, or of anything else that happened here."""
    doors.log_in(CLERK, "wrong-password")
    doors.ask("GET", "/areas/cj", CLERK)
    logged = doors.log.read_text("utf-8")
    assert '"serving"' in logged
    for personal in (PASSWORD, "wrong-password", "何沐阳", "魏长河", "100-0000-0008"):
        assert personal not in logged
