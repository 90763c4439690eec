"""The responsibility table over HTTP: read, tried, and imported with the checks of `whistle load`."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from services.directory.town import TownErrors, read_town
from shared.web.sheet import CSV, XLSX, xlsx_of
from tests.component.directory.conftest import Doors
from tests.support.asking import Answer
from tests.support.example import EXAMPLE
from tests.support.tables import rows

ADMINISTRATOR = "admin.chunjiang"
FILE = "responsibility.csv"
TABLE = (EXAMPLE / FILE).read_text("utf-8")
OTHER_LEAD = TABLE.replace("E06-01,cj,zhujian,chengguan shichang", "E06-01,cj,chengguan,zhujian shichang")
WRONG = TABLE.replace("E06-01,cj,zhujian", "E06-01,cj.nowhere,nobody").replace("E01-01,cj,", "E99-99,cj,")
VERSION = "SELECT version FROM directory.dataset WHERE id = 'responsibility'"
ANNOUNCED = "SELECT count(*) FROM directory.outbox WHERE subject = 'reference:responsibility'"


def post(doors: Doors, text: str | bytes, query: str = "", by: str = ADMINISTRATOR, **headers: str) -> Answer:
    """Somebody sends a table."""
    body = text if isinstance(text, bytes) else text.encode()
    return doors.ask("POST", f"/responsibility{query}", by, body, **{"Content_Type": CSV, **headers})


def as_sheet(text: str) -> bytes:
    """The same table as a workbook."""
    return xlsx_of([line.split(",") for line in text.splitlines()])


def test_the_table_is_read_page_by_page(doors: Doors) -> None:
    """By category and area."""
    first = doors.ask("GET", "/responsibility?limit=20", "dispatcher.chunjiang").body
    rest = doors.ask("GET", f"/responsibility?after={first['next']}", "supervisor.sanhe").body
    assert len(first["items"]) + len(rest["items"]) == len(TABLE.splitlines()) - 1
    assert rest["next"] is None
    [leak] = doors.ask("GET", "/responsibility?category=E06-01", ADMINISTRATOR).body["items"]
    assert leak == {"category": "E06-01", "area": "cj", "lead": "zhujian", "supports": ["chengguan", "shichang"]}
    assert doors.ask("GET", "/responsibility", "officer.zhujian").status == 403


def test_a_table_is_tried_imported_and_put_back(doors: Doors, town_url: str) -> None:
    """A dry run changes nothing; an import is one version more, and one announcement."""
    before, told = rows(town_url, VERSION)[0][0], rows(town_url, ANNOUNCED)[0][0]
    tried = post(doors, OTHER_LEAD, "?dry_run=true")
    assert (tried.status, tried.body["dry_run"], tried.body["version"]) == (200, True, before + 1)
    [changed] = tried.body["changed"]
    assert (changed["before"]["lead"], changed["after"]["lead"]) == ("zhujian", "chengguan")
    assert (tried.body["added"], tried.body["removed"], rows(town_url, VERSION)) == ([], [], [(before,)])
    sheet = as_sheet(OTHER_LEAD)
    done = [post(doors, sheet, Content_Type=XLSX, Idempotency_Key="a-table") for _ in range(2)]
    assert {(one.status, one.headers["ETag"]) for one in done} == {(200, f'"{before + 1}"')}
    assert done[0].body == {**tried.body, "dry_run": False}
    back = post(doors, TABLE)
    assert (back.status, back.body["changed"][0]["after"]["lead"]) == (200, "zhujian")
    assert (rows(town_url, VERSION), rows(town_url, ANNOUNCED)) == ([(before + 2,)], [(told + 2,)])
    assert post(doors, TABLE).body["version"] == before + 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_every_wrong_row_is_told_as_the_command_line_tells_it(
    doors: Doors, tmp_path: Path, language: str, kind: str
) -> None:
    """By line and column, in the reader's language; nothing is changed."""
    body = as_sheet(WRONG) if kind == XLSX else WRONG
    answer = post(doors, body, "?dry_run=true", Accept_Language=language, Content_Type=kind)
    assert (answer.status, answer.slug) == (422, "responsibility-wrong")
    town = Path(shutil.copytree(EXAMPLE, tmp_path / "town"))
    (town / FILE).write_text(WRONG, "utf-8")
    with pytest.raises(TownErrors) as errors:
        read_town(town)
    expected = [(one.line, one.message_zh if language == "zh" else one.message_en) for one in errors.value.problems]
    found = [(int(one["field"].split(".")[1]), one["message"]) for one in answer.body["errors"]]
    assert sorted(found) == sorted(expected)
    assert {one["field"] for one in answer.body["errors"]} == {"rows.2.area", "rows.2.lead", "rows.3.category"}


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        (b"", CSV, "rows.1"),
        (b"\xff\xfe", CSV, "rows.1"),
        (b"category,area,lead\nE06-01,cj,zhujian\n", CSV, "rows.1.supports"),
        (b"PK\x03\x04 no workbook", XLSX, "file"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_reason(doors: Doors, body: bytes, kind: str, field: str) -> None:
    """And no 500."""
    answer = post(doors, body, Content_Type=kind)
    assert (answer.status, answer.slug) == (422, "responsibility-wrong")
    assert field in {one["field"] for one in answer.body["errors"]}


@pytest.mark.parametrize(("by", "status"), [("supervisor.chunjiang", 403), ("dispatcher.chunjiang", 403), ("", 401)])
def test_only_administrators_import_it(doors: Doors, by: str, status: int) -> None:
    """Not even as a try."""
    assert post(doors, TABLE, "?dry_run=true", by).status == status


def test_the_calendar_is_shown_by_year(doors: Doors) -> None:
    """Only gazetted days, and which years are known."""
    shown: Any = doors.ask("GET", "/calendar?year=2026", "officer.zhujian").body
    assert {day["date"][:4] for day in shown["days"]} == {"2026"}
    assert 2026 in shown["years"]
    assert shown["version"] >= 1
    assert len(doors.ask("GET", "/calendar", "officer.zhujian").body["days"]) > len(shown["days"])
    assert doors.ask("GET", "/calendar?year=1999", "officer.zhujian").status == 422


def test_every_limit_is_listed(doors: Doors) -> None:
    """Of kinds, and what policies set instead."""
    found = doors.ask("GET", "/limits", "clerk.honghu").body
    joint = next(one for one in found["kinds"] if one["code"] == "joint_enforcement")
    assert (joint["name"], joint["calendar"], joint["in_progress"]["calendar"]) == ("综合执法", "W", "N")
    assert joint["limits"].keys() >= {"sign", "close"}
    assert found["policies"][0]["clock"] == "sign"
    assert doors.ask("GET", "/limits").status == 401
