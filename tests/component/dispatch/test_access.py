"""Who sees and does what at dispatch: a department its own, the street its area, nobody a resident."""

from typing import Any

import orjson
import pytest

from tests.component.dispatch.conftest import Office, Summoned
from tests.unit.dispatch.samples import whistle

STRANGER, MINE = "officer.gongan", "officer.zhujian"
REASON = {"reason": "经核实"}
STEPS: dict[str, Any] = {
    "signature": None,
    "report": {"address": "门口"},
    "start": None,
    "feedback": {"measures": "已处置完毕"},
    "dispute": {"legal_basis": "第三条"},
    "extensions": {"minutes": 60, **REASON},
    "excuse": REASON,
    "release": None,
    "dispute/dismissal": REASON,
    "dispute/rerouting": {"department": "sifa", **REASON},
    "extensions/1/grant": REASON,
    "extensions/2/grant": REASON,
    "extensions/refusal": REASON,
}
ON_CASES: dict[str, Any] = {
    "summons": {"lead": "sifa", **REASON},
    "supports": {"department": "sifa", **REASON},
    "suspension": REASON,
    "resumption": REASON,
}


@pytest.fixture(scope="module")
def story(office: Office) -> Summoned:
    """A case in which three departments take part."""
    return office.blow()


@pytest.mark.parametrize("step", STEPS)
def test_an_officer_can_do_nothing_to_another_departments_assignment(
    office: Office, story: Summoned, step: str
) -> None:
    """403 for each operation, and nothing changed; 401 without a token."""
    answer = office.ask("POST", story.path("zhujian", step), STRANGER, STEPS[step])
    assert (answer.status, answer.slug) == (403, "forbidden")
    assert office.ask("POST", story.path("zhujian", step), body=STEPS[step]).status == 401
    assert story.show("zhujian")["version"] == 1


@pytest.mark.parametrize("step", ON_CASES)
def test_an_officer_decides_nothing_about_a_case(office: Office, story: Summoned, step: str) -> None:
    """Also one who takes part."""
    for officer in (STRANGER, MINE):
        assert office.ask("POST", f"/cases/{story.case}/{step}", officer, ON_CASES[step]).status == 403


def test_an_officer_sees_neither_the_assignment_nor_the_case_of_others(office: Office, story: Summoned) -> None:
    """404, as for one that does not exist; lists leave them out."""
    assert office.ask("GET", story.path("zhujian"), STRANGER).status == 404
    assert office.ask("GET", f"/cases/{story.case}", STRANGER).status == 404
    assert office.get(f"/assignments?case_id={story.case}", STRANGER)["items"] == []
    assert str(story.case) not in str(office.get("/cases?limit=200", STRANGER))


def test_an_officer_sees_their_own_assignment_and_the_cases_facts(office: Office, story: Summoned) -> None:
    """And who else is summoned, but nothing of what the others did."""
    shown = office.get(story.path("zhujian"), MINE)
    assert (shown["assignment"]["department"], shown["case"]["summary"]) == ("zhujian", "二楼餐饮店卫生间漏水")
    mine = office.get(f"/assignments?case_id={story.case}", MINE)["items"]
    assert [one["assignment"]["id"] for one in mine] == [story.ids["zhujian"]]
    whole = office.get(f"/cases/{story.case}", MINE)
    assert {one["department"] for one in whole["summons"]} == {"zhujian", "chengguan", "shichang"}
    assert {*whole["summons"][0]} == {"id", "department", "department_name", "part", "state"}
    assert office.ask("GET", story.path("chengguan"), MINE).status == 404


def test_a_department_that_was_let_off_no_longer_sees_the_case(office: Office) -> None:
    """It keeps its own record."""
    story = office.blow()
    body = {"lead": "zhujian", "supports": ["shichang"], **REASON}
    office.do(f"/cases/{story.case}/summons", "dispatcher.chunjiang", body)
    assert office.ask("GET", f"/cases/{story.case}", "officer.chengguan").status == 404
    assert office.get(story.path("chengguan"), "officer.chengguan")["assignment"]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("by", "sees"),
    [
        ("dispatcher.chunjiang", True),
        ("supervisor.chunjiang", True),
        ("reviewer.sanhe", True),
        ("callback.sanhe", True),
        ("clerk.honghu", True),
        ("grid.honghu.g03", True),
        ("clerk.liuxi", False),
    ],
)
def test_staff_see_the_cases_of_their_own_area(office: Office, story: Summoned, by: str, sees: bool) -> None:
    """The community next door does not."""
    assert office.ask("GET", f"/cases/{story.case}", by).status == (200 if sees else 404)
    assert (str(story.case) in str(office.get("/cases?limit=200&state=dispatched", by))) is sees


def test_who_has_no_role_for_it_is_refused_at_the_door(office: Office, story: Summoned) -> None:
    """A clerk lists no assignments, an administrator no cases."""
    assert office.ask("GET", "/assignments", "clerk.honghu").status == 403
    assert office.ask("GET", "/cases", "admin.chunjiang").status == 403
    assert office.ask("GET", "/undelivered", MINE).status == 403
    assert office.ask("GET", "/cases").status == 401


def test_nobody_is_shown_who_complained_or_how_to_recognise_them(office: Office, story: Summoned) -> None:
    """Neither the tracking digest nor the author is in any answer."""
    told = whistle()
    for by in ("dispatcher.chunjiang", MINE):
        for path in (f"/cases/{story.case}", "/cases", "/assignments", story.path("zhujian")):
            said = orjson.dumps(office.get(path, by)).decode()
            assert told.tracking_digest not in said
            assert told.author not in said


def test_lists_come_page_by_page_without_gap_or_repetition(office: Office) -> None:
    """The newest first, also while more cases come; filters narrow them."""
    cases = [office.blow() for _ in range(3)]
    listed: list[str] = []
    page: dict[str, Any] = {"items": [], "next": ""}
    while page["next"] is not None:
        wanted = f"limit=2&part=lead&department=zhujian&after={page['next']}"
        page = office.get(f"/assignments?{wanted}", "dispatcher.chunjiang")
        listed += [one["assignment"]["id"] for one in page["items"]]
        office.blow()
    assert len(listed) == len(set(listed))
    assert [one.ids["zhujian"] for one in reversed(cases)] == listed[:3]
    found = office.get("/cases?state=dispatched&kind=joint_enforcement&category=E06-01&limit=1", MINE)
    assert [one["state"] for one in found["items"]] == ["dispatched"]
    assert found["next"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "after=nonsense", "state=gone", "case_id=7", "colour=red", "limit=1&limit=2"]
)
def test_a_wrong_query_is_refused(office: Office, query: str) -> None:
    """422 that names the parameter."""
    answer = office.ask("GET", f"/assignments?{query}", "dispatcher.chunjiang")
    assert answer.status == 422
    assert [one["field"] for one in answer.body["errors"]] == [query.partition("=")[0]]
