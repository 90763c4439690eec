"""What intake's doors refuse, and how: by HTTP, in the example town."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.component.intake.conftest import Desk
from tests.support.asking import Answer

AT_ONCE = 30


def fields_of(answer: Answer) -> set[str]:
    """The fields that a problem names."""
    return {one["field"] for one in answer.body["errors"]}


@pytest.mark.parametrize(
    ("said", "slug", "fields"),
    [
        ({"category": "E99-99"}, "unknown-category", {"category"}),
        ({"kind": "none"}, "invalid", {"kind"}),
        ({"place": {"longitude": 0, "latitude": 0}}, "outside-every-grid", {"place"}),
        ({"place": {"area": "cj.nowhere"}}, "invalid", {"place.area"}),
        ({"place": {"longitude": 118.1}}, "invalid", {"place"}),
        ({"place": {}}, "invalid", {"place"}),
        ({"place": {"longitude": 200, "latitude": 0}}, "invalid", {"place.longitude"}),
        ({"channel": "hotline"}, "invalid", {"channel"}),
        ({"description": "  "}, "invalid", {"description"}),
        ({"description": "漏" * 4001}, "invalid", {"description"}),
        ({"attachments": ["0" * 64]}, "invalid", {"attachments.0"}),
        ({"attachments": ["x"]}, "invalid", {"attachments.0"}),
        ({"surprise": 1}, "invalid", {"surprise"}),
        ({"reporter": {"name": 5}}, "invalid", {"reporter.name"}),
    ],
)
def test_a_report_that_is_wrong_names_each_field(desk: Desk, said: dict[str, Any], slug: str, fields: set[str]) -> None:
    """422, and nothing is registered."""
    before = desk.intake.rows('SELECT count(*) FROM intake."case"')
    answer = desk.ask("POST", "/cases", "clerk.honghu", desk.report(**said))
    assert (answer.status, answer.slug, fields_of(answer)) == (422, slug, fields)
    assert desk.intake.rows('SELECT count(*) FROM intake."case"') == before


def test_a_category_without_a_responsible_department_is_refused_in_both_languages(desk: Desk) -> None:
    """The table of the example town names one for every category; a category of elsewhere has none."""
    answer = desk.ask("POST", "/cases", "clerk.honghu", desk.report(category="E99-99"), Accept_Language="zh-CN")
    assert (answer.body["title"], answer.body["detail"]) == ("没有这个事项", "事项代码：E99-99。")
    assert answer.body["errors"] == [{"field": "category", "message": "没有这个事项。"}]


def test_what_is_missing_before_a_whistle_is_named(desk: Desk) -> None:
    """409, for the case and not the request is not ready."""
    case = desk.register(attachments=[], tried="")
    answer = desk.do("submission", case["id"], "clerk.honghu")
    assert (answer.status, answer.slug, fields_of(answer)) == (409, "incomplete-case", {"attachments", "tried"})


def test_a_step_that_is_not_possible_now_is_refused(desk: Desk) -> None:
    """In words that people use."""
    case = desk.register()
    answer = desk.do("whistle", case["id"], "reviewer.sanhe")
    assert (answer.status, answer.slug) == (409, "illegal-transition")
    assert answer.body["detail"] == 'While it is "draft" one cannot "blow the whistle".'


def test_a_stale_version_is_refused(desk: Desk) -> None:
    """And the answer to every change tells the next one."""
    case = desk.register()
    done = desk.do("submission", case["id"], "clerk.honghu", If_Match='"1"')
    assert (done.status, done.headers["ETag"]) == (200, '"2"')
    stale = desk.do("return", case["id"], "reviewer.sanhe", {"reason": "缺照片"}, If_Match='"1"')
    assert (stale.status, stale.slug) == (409, "stale-version")


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "", None),
        ("GET", "/duplicates", None),
        ("GET", f"/attachments/{'0' * 64}", None),
        ("PATCH", "", {"tried": "…去过"}),
        ("POST", "/submission", None),
        ("POST", "/solution", {"measures": "清理了"}),
        ("POST", "/reporter", {"reason": "回访"}),
    ],
)
def test_an_unknown_case_is_not_found(desk: Desk, method: str, what: str, body: Any) -> None:
    """404 for each operation on a case."""
    answer = desk.ask(method, f"/cases/{uuid4()}{what}", "clerk.honghu", body)
    assert (answer.status, answer.slug) == (404, "not-found")


def test_a_case_of_elsewhere_is_not_found_by_reading_and_forbidden_to_change(desk: Desk) -> None:
    """Another community's clerk learns nothing of it."""
    case = desk.register()
    assert desk.ask("GET", f"/cases/{case['id']}", "clerk.liuxi").status == 404
    assert desk.ask("GET", f"/cases?number={case['number']}", "clerk.liuxi").body == {"items": [], "next": None}
    assert desk.do("submission", case["id"], "clerk.liuxi").status == 403


@pytest.mark.parametrize(
    ("login", "status"),
    [("", 401), ("secretary.honghu", 403), ("dispatcher.chunjiang", 403), ("supervisor.sanhe", 403)],
)
def test_only_clerks_register(desk: Desk, login: str, status: int) -> None:
    """401 without a token, 403 with the wrong role."""
    assert desk.ask("POST", "/cases", login, desk.report()).status == status


def test_a_reviewer_who_is_also_a_clerk_never_reviews_their_own_whistle(desk: Desk) -> None:
    """The street's own clerk submits; another reviewer lets it through."""
    case = desk.register("clerk.sanhe")
    desk.must("submission", case["id"], "clerk.sanhe")
    assert desk.do("whistle", case["id"], "clerk.sanhe").status == 403
    assert desk.do("whistle", case["id"], "reviewer.sanhe").status == 200


def at_once(act: Callable[[int], Answer]) -> list[Answer]:
    """What everybody is answered who does this at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, range(AT_ONCE)))


def test_identical_requests_with_one_key_register_one_case(desk: Desk) -> None:
    """Every one of them gets the same answer, tracking code included; another body is refused."""
    report, key = desk.report(), str(uuid4())
    answers = at_once(lambda _: desk.ask("POST", "/cases", "clerk.honghu", report, Idempotency_Key=key))
    assert {(one.status, one.raw) for one in answers} == {(201, answers[0].raw)}
    other = desk.ask("POST", "/cases", "clerk.honghu", {**report, "tried": "另一件"}, Idempotency_Key=key)
    assert (other.status, other.slug) == (422, "idempotency-key-reused")


def test_of_conflicting_reviews_at_once_one_wins(desk: Desk) -> None:
    """The others are told that it is not possible any more, and the case stands in one legal state."""
    case = desk.register()
    desk.must("submission", case["id"], "clerk.honghu")
    ways: list[tuple[str, Any]] = [
        ("whistle", None),
        ("return", {"reason": "缺照片"}),
        ("refusal", {"reason": "不属实"}),
    ]

    def review(number: int) -> Answer:
        what, body = ways[number % 3]
        return desk.do(what, case["id"], "reviewer.sanhe", body)

    answers = at_once(review)
    assert sorted(one.status for one in answers) == [200] + [409] * (AT_ONCE - 1)
    (won,) = [one.body["state"] for one in answers if one.status == 200]
    shown = desk.ask("GET", f"/cases/{case['id']}", "clerk.honghu").body
    assert shown["case"]["state"] == won


def test_cases_registered_at_once_have_different_numbers(desk: Desk) -> None:
    """Whatever the batches hold."""
    report = desk.report()
    answers = at_once(lambda _: desk.ask("POST", "/cases", "clerk.honghu", report))
    assert len({one.body["number"] for one in answers}) == AT_ONCE


def test_lists_go_page_by_page_the_last_registered_first(desk: Desk) -> None:
    """Filtered by what the clerk asks for."""
    newest = [desk.register(by="clerk.jinsui", place=desk.point("cj.sanhe.jinsui.g08"))["id"] for _ in range(3)][::-1]
    first = desk.ask("GET", "/cases?limit=2&area=cj.sanhe.jinsui&state=draft", "clerk.jinsui").body
    assert [one["id"] for one in first["items"]] == newest[:2]
    second = desk.ask("GET", f"/cases?limit=2&area=cj.sanhe.jinsui&after={first['next']}", "clerk.jinsui").body
    assert ([one["id"] for one in second["items"]], second["next"]) == (newest[2:], None)
    assert desk.ask("GET", "/cases?after=nonsense", "clerk.jinsui").status == 422


def test_a_file_of_another_kind_is_refused(desk: Desk) -> None:
    """Told by its content, whatever its sender says."""
    answer = desk.ask("POST", "/attachments", "clerk.honghu", b"MZ\x90\x00" + bytes(100), Content_Type="image/jpeg")
    assert (answer.status, answer.slug) == (415, "wrong-kind-of-file")


def test_an_unknown_tracking_code_finds_nothing(desk: Desk) -> None:
    """404 for one of the right form; too short ones are not even looked up."""
    assert desk.ask("POST", "/followed", "", {"tracking_code": "0" * 24}).status == 404
    assert desk.ask("POST", "/followed", "", {"tracking_code": "0" * 5}).status == 422
