"""Importing a year's holidays: by `whistle calendar import` beside a running directory, and by an administrator."""

import csv
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.directory.domain.dataset import CALENDAR
from shared.messaging.topology import FOLLOWS, queue_name
from tests.component.directory.conftest import Doors
from tests.component.directory.test_announcing import UNSENT, received
from tests.support.eventually import eventually
from tests.support.example import EXAMPLE
from tests.support.one_service import running
from tests.support.tables import rows
from tools.calendar import app

ADMINISTRATOR = "admin.chunjiang"
VERSION = "SELECT version FROM directory.dataset WHERE id = 'calendar'"
# Not gazetted when this was written: a year for the test.
YEAR_2027 = """\
year,from,to,day,name
2027,2027-01-01,2027-01-03,holiday,元旦
2027,2027-02-05,2027-02-11,holiday,春节
2027,2027-02-20,2027-02-20,workday,春节
2027,2027-04-05,2027-04-05,holiday,清明节
2027,2027-05-01,2027-05-03,holiday,劳动节
2027,2027-06-09,2027-06-09,holiday,端午节
2027,2027-09-15,2027-09-15,holiday,中秋节
2027,2027-10-01,2027-10-07,holiday,国庆节
2027,2027-10-09,2027-10-09,workday,国庆节
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one more year."""
    path = tmp_path / "calendar-2027.csv"
    path.write_text(YEAR_2027, "utf-8")
    return path


@pytest.fixture
def url(loaded: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A directory that holds the example town, where DATABASE_URL points to."""
    monkeypatch.delenv("DATABASE_URL_DIRECTORY", raising=False)
    monkeypatch.setenv("DATABASE_URL", loaded)
    return loaded


def run(path: Path) -> Result:
    """What the command line does."""
    return CliRunner().invoke(app, ["import", str(path)])


def body(text: str) -> dict[str, Any]:
    """The same rows as the API takes them."""
    return {"rows": [{**row, "year": int(row["year"])} for row in csv.DictReader(text.splitlines())]}


def test_a_running_directory_announces_an_imported_year_to_every_follower(
    url: str, vhost: str, tmp_path: Path, file: Path
) -> None:
    """The whole calendar in its second version, with the years before."""
    with running("directory", url, vhost, tmp_path):
        eventually(lambda: rows(url, UNSENT) == [(0,)], within=30, what="the town is announced")
        told = run(file)
        assert told.exit_code == 0, told.output
        eventually(lambda: rows(url, UNSENT) == [(0,)], within=30, what="the calendar is announced")
    for follower in (one for one, publishers in FOLLOWS.items() if "directory" in publishers):
        first, second = [one for one in received(vhost, queue_name(follower, "directory")) if one.name == CALENDAR]
        assert (first.version, second.version) == (1, 2)
        assert [row["year"] for row in second.content if "year" in row] == [*range(2004, 2028)]
        assert {"date": "2027-10-09", "working": True, "name": "国庆节"} in second.content
        assert len(second.content) == len(first.content) + 26


def test_what_an_import_changes_is_told_day_by_day(url: str, file: Path) -> None:
    """A new year, the same again, and a correction."""
    lines = run(file).stdout.splitlines()
    assert lines[:2] == ["calendar: 第 2 版 version 2", "2027-01-01: 放假 holiday 元旦"]
    assert lines[-1] == "2027-10-09: 上班 workday 国庆节"
    assert len(lines) == 26
    assert run(file).stdout == "没有变化 Nothing changed.\n"
    file.write_text(YEAR_2027.replace("2027-10-09", "2027-10-10"), "utf-8")
    assert run(file).stdout.splitlines() == [
        "calendar: 第 3 版 version 3",
        "2027-10-10: 上班 workday 国庆节",
        "2027-10-09: 不再是 no longer 上班 workday 国庆节",
    ]


def test_a_wrong_file_is_told_row_by_row_and_changes_nothing(url: str, file: Path) -> None:
    """By its own name and lines."""
    file.write_text(YEAR_2027.replace("2027-10-09", "2027-10-08").replace("-02-11", "-01-11"), "utf-8")
    told = run(file)
    assert told.exit_code == 1
    assert [line.partition(": ")[0] for line in told.stderr.splitlines()] == [f"{file.name}:{line}" for line in (3, 10)]
    assert rows(url, VERSION) == [(1,)]


def test_an_administrator_imports_a_year(doors: Doors, town_url: str) -> None:
    """And is told what changed, once for each key."""
    answers = [
        doors.ask("POST", "/calendars", ADMINISTRATOR, body(YEAR_2027), Idempotency_Key="a-year") for _ in range(2)
    ]
    for answer in answers:
        assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
        assert (answer.body["version"], answer.body["years"], answer.body["removed"]) == (2, [2027], [])
        assert len(answer.body["added"]) == 25
        assert answer.body["added"][0] == {"date": "2027-01-01", "working": False, "name": "元旦"}
    assert rows(town_url, VERSION) == [(2,)]


def test_every_wrong_row_of_a_request_is_named_in_the_readers_language(doors: Doors) -> None:
    """A holiday that is missing stands at its year's first row."""
    wrong = body(YEAR_2027.replace("2027-10-09,2027-10-09", "2027-10-08,2027-10-08").replace("端午节", "龙舟节"))
    answer = doors.ask("POST", "/calendars", ADMINISTRATOR, wrong, Accept_Language="en")
    assert (answer.status, answer.slug) == (422, "calendar-wrong")
    assert answer.body["errors"] == [
        {"field": "rows.8", "message": "2027-10-08 is no weekend day."},
        {"field": "rows.0", "message": "The year 2027 lacks 端午节."},
    ]
    chinese = doors.ask("POST", "/calendars", ADMINISTRATOR, wrong, Accept_Language="zh")
    assert [one["message"] for one in chinese.body["errors"]] == [
        "2027-10-08 不是周末，不能作调休上班日。",
        "2027 年缺少端午节。",
    ]


def test_a_row_that_cannot_be_read_is_named_with_its_column(doors: Doors) -> None:
    """Before anything is decided."""
    wrong = body(YEAR_2027)
    wrong["rows"][2] |= {"to": "2027-02-30", "day": "party"}
    answer = doors.ask("POST", "/calendars", ADMINISTRATOR, wrong)
    assert (answer.status, {one["field"] for one in answer.body["errors"]}) == (422, {"rows.2.to", "rows.2.day"})


@pytest.mark.parametrize(("by", "status"), [("supervisor.chunjiang", 403), ("officer.zhujian", 403), ("", 401)])
def test_only_administrators_import(doors: Doors, by: str, status: int) -> None:
    """The town's own calendar file is the shape of what they send."""
    text = (EXAMPLE / "calendar.csv").read_text("utf-8")
    assert doors.ask("POST", "/calendars", by, body(text)).status == status
