"""Lists, history, the supervisor's page, measures and rankings by HTTP: what comes, what is refused, what is saved."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from shared.access.actor import Actor, Role
from shared.runtime.clock import now
from tests.component.supervision.conftest import Summoned
from tests.support.eventually import eventually
from tests.support.one_service import OneService

DISTRICT = Actor("supervisor.chunjiang", frozenset({Role.DISTRICT_SUPERVISOR}), "zhihui", "cj")
OFFICER = Actor("officer.zhujian", frozenset({Role.OFFICER}), "zhujian", "cj")
ELSEWHERE = Actor("supervisor.dongmen", frozenset({Role.SUPERVISOR}), "jiedao", "cj.dongmen")
HARMFUL = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def case(supervision: OneService) -> Summoned:
    """Summoned two hours ago: signing and reporting in are overdue."""
    summoned = Summoned(supervision, now() - timedelta(hours=2))
    path = f"/cases/{summoned.id}"

    def overdue() -> Any:
        found = supervision.ask("GET", path, DISTRICT)
        return found.status == 200 and found.body["overdue_since"]

    eventually(overdue, what="it is overdue")
    return summoned


def get(service: OneService, path: str, by: Actor = DISTRICT) -> Any:
    """What somebody reads."""
    answer = service.ask("GET", path, by)
    assert answer.status == 200, answer
    return answer.body


def test_a_case_is_found_by_its_words_with_the_limits_of_each_department(
    supervision: OneService, case: Summoned
) -> None:
    """By a department that takes part as well."""
    for by in (DISTRICT, OFFICER):
        (found,) = get(supervision, f"/cases?text={quote('漏水到')}&overdue=true", by)["items"]
        assert found["id"] == str(case.id)
        assert [part["department"] for part in found["parts"]] == ["zhujian", "chengguan"]
        names = {limit["name"] for limit in found["parts"][0]["limits"]}
        assert names == {"sign", "report_in", "first_feedback", "close"}
    assert get(supervision, "/cases", ELSEWHERE)["items"] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"/cases?text={quote('漏')}", "text"),
        (f"/cases?text={quote('漏  ')}", "text"),
        ("/cases?text=", "text"),
        ("/cases?overdue=perhaps", "overdue"),
        ("/cases?after=zzz", "after"),
        ("/cases?colour=red", "colour"),
        ("/measures?from=2026-13", "from"),
        ("/measures?from=2026-11&to=2026-10", "to"),
        ("/measures?from=2020-01&to=2026-10", "to"),
        ("/measures?by=person", "by"),
        ("/rankings?table=people", "table"),
        ("/rankings?month=november", "month"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(supervision: OneService, path: str, field: str) -> None:
    """A single character would find nearly everything."""
    answer = supervision.ask("GET", path, DISTRICT)
    assert (answer.status, answer.slug) == (422, "invalid")
    assert {one["field"] for one in answer.body["errors"]} == {field}


def test_the_history_names_publishers_types_and_times(supervision: OneService, case: Summoned) -> None:
    """Dispatch's summons, and what supervision announced itself after it."""
    first, *others = get(supervision, f"/cases/{case.id}/history", OFFICER)["items"]
    assert (first["publisher"], first["type"]) == ("dispatch", "case.dispatched.v1")
    assert first["data"]["summary"] == "漏水到门厅"
    assert {one["publisher"] for one in others} == {"supervision"}
    assert supervision.ask("GET", f"/cases/{case.id}/history", ELSEWHERE).status == 404


def test_the_overview_comes_in_one_call(supervision: OneService, case: Summoned) -> None:
    """States, overdue limits by department, this month's measures, and the cases themselves."""
    page = get(supervision, "/overview")
    assert {"state": "dispatched", "cases": 1} in page["states"]
    assert {"department": "zhujian", "clock": "sign", "count": 1} in page["overdue"]
    assert page["overdue_cases"] == 1
    assert [one["id"] for one in page["longest_overdue"]["items"]] == [str(case.id)]
    assert len(page["measures"]) == 13
    nothing = get(supervision, "/overview", ELSEWHERE)
    assert (nothing["states"], nothing["longest_overdue"]["items"]) == ([], [])
    assert supervision.ask("GET", "/overview", OFFICER).status == 403


def test_measures_come_with_numerator_and_denominator(supervision: OneService, case: Summoned) -> None:
    """Nobody signed in time."""
    month = f"{now() + timedelta(hours=8) - timedelta(hours=2):%Y-%m}"
    page = get(supervision, f"/measures?from={month}&by=department")
    assert [one["code"] for one in page["items"]] == ["chengguan", "zhujian"]
    signed = next(one for one in page["items"][0]["measures"] if one["name"] == "sign_in_time")
    assert (signed["zh"], signed["numerator"], signed["denominator"], signed["rate"]) == ("签收及时率", 0, 1, 0.0)
    assert (page["from"], page["by"]) == (month, "department")


def test_what_is_saved_holds_the_same_and_no_formula(supervision: OneService, case: Summoned) -> None:
    """CSV and XLSX; a code that looks like a formula stays a text."""
    month = f"{now():%Y-%m}"
    supervision.execute(
        "INSERT INTO supervision.tally VALUES ('summoned', :month, :code, 'cj.sanhe', '', 3)", month=month, code=HARMFUL
    )
    try:
        answer = supervision.ask("GET", f"/measures.csv?from={month}", DISTRICT)
        assert answer.headers["Content-Type"] == "text/csv"
        table = list(csv.reader(io.StringIO(answer.raw.decode("utf-8-sig"))))
        book = load_workbook(io.BytesIO(supervision.ask("GET", f"/measures.xlsx?from={month}", DISTRICT).raw))
    finally:
        supervision.execute("DELETE FROM supervision.tally WHERE department = :code", code=HARMFUL)
    (sheet,) = book.worksheets
    cells = [list(row) for row in sheet.iter_rows()]
    assert table[0][:4] == ["代码", "响应率", "响应率分子", "响应率分母"]
    assert [row[0] for row in table[1:-2]] == [cell[0].value for cell in cells[1:-2]]
    assert f"'{HARMFUL}" in {row[0] for row in table}
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n"}
    assert table[-2][0] == "合计"
    assert DISTRICT.id in table[-1][1]


def test_rankings_list_those_without_a_rank_as_well(supervision: OneService, case: Summoned) -> None:
    """Nothing was fed back yet, so nobody has a share of rework."""
    month = f"{now() + timedelta(hours=8) - timedelta(hours=2):%Y-%m}"
    page = get(supervision, f"/rankings?month={month}")
    assert {(one["code"], one["rank"], one["total"]) for one in page["items"]} == {
        ("chengguan", None, None),
        ("zhujian", None, None),
    }
