"""`whistle load DIR` on a real PostgreSQL: the example town once, again, changed, and broken."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from services.directory.domain.dataset import ANNOUNCED
from services.directory.domain.password import matches
from services.directory.town import read_town
from shared.store.migrate import migrate
from tests.component.directory.conftest import PASSWORD
from tests.support.example import EXAMPLE
from tests.support.tables import rows
from tools.load import load

COUNTS = "SELECT (SELECT count(*) FROM directory.person), (SELECT count(*) FROM directory.outbox)"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of the example town that may be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "town"))


@pytest.fixture(autouse=True)
def no_other_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but DATABASE_URL says where the directory is."""
    monkeypatch.delenv("DATABASE_URL_DIRECTORY", raising=False)


@pytest.fixture
def empty(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty directory, where DATABASE_URL points to."""
    migrate("directory", database)
    monkeypatch.setenv("DATABASE_URL", database)
    return database


@pytest.fixture
def url(loaded: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A directory that holds the example town, where DATABASE_URL points to."""
    monkeypatch.setenv("DATABASE_URL", loaded)
    return loaded


def run(directory: Path) -> Result:
    """What the command line does."""
    app = typer.Typer()
    app.command()(load)
    return CliRunner().invoke(app, [str(directory)])


def replace(file: Path, old: str, new: str) -> None:
    """Change one thing in a table."""
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new), "utf-8")


def test_the_example_town_is_loaded_and_every_set_waits_to_be_announced(empty: str) -> None:
    """In its first version, with nobody's name or telephone number."""
    told = run(EXAMPLE)
    assert told.exit_code == 0, told.output
    assert "areas: 第 1 版 version 1" in told.stdout
    assert "people: 新增 40 人 40 added" in told.stdout
    waiting = rows(empty, "SELECT subject, sequence, data FROM directory.outbox JOIN directory.unsent USING (position)")
    announced_once = [(f"reference:{one}", 1) for one in sorted(ANNOUNCED)]
    assert sorted((subject, sequence) for subject, sequence, _ in waiting) == announced_once
    announced = b"".join(bytes(data) for *_, data in waiting).decode()
    example = read_town(EXAMPLE)
    for personal in [person.name for person in example.people] + [one.name for one in example.responsible if one.name]:
        assert personal not in announced
    assert not [person.phone for person in example.people if person.phone in announced]


def test_the_same_town_again_changes_and_announces_nothing(url: str) -> None:
    """Not a row, not a version, not an event."""
    before = rows(url, "SELECT * FROM directory.dataset"), rows(url, "SELECT * FROM directory.person ORDER BY id")
    told = run(EXAMPLE)
    assert (told.exit_code, told.stdout) == (0, "没有变化 Nothing changed.\n")
    after = rows(url, "SELECT * FROM directory.dataset"), rows(url, "SELECT * FROM directory.person ORDER BY id")
    assert after == before
    assert rows(url, COUNTS) == [(40, len(ANNOUNCED))]


def test_a_changed_table_gets_the_next_version_and_people_keep_their_passwords(url: str, town: Path) -> None:
    """One set, one person; who is missing is named and stays."""
    replace(town / "departments.csv", "区住建局", "区住房城乡建设局")
    replace(town / "people.csv", "何沐阳,intake_clerk,", "何沐阳,intake_clerk reviewer,")
    replace(town / "people.csv", PASSWORD, "another-password")
    lines = (town / "people.csv").read_text("utf-8").splitlines()
    (town / "people.csv").write_text("\n".join(one for one in lines if "officer.fagai" not in one), "utf-8")
    told = run(town)
    assert told.stdout.splitlines() == [
        "departments: 第 2 版 version 2",
        "officers: 第 2 版 version 2",
        "staff: 第 2 版 version 2",
        "people: 更改 1 人 1 changed",
        "people: 不在表中、保持原样 not in people.csv, left alone: officer.fagai",
    ]
    [[data]] = rows(url, "SELECT data FROM directory.outbox WHERE subject = 'reference:departments' AND sequence = 2")
    announced = json.loads(bytes(data))
    assert (announced["name"], announced["version"]) == ("departments", 2)
    assert "区住房城乡建设局" in {row["name"] for row in announced["content"]}
    [[roles, password_hash]] = rows(url, "SELECT roles, password_hash FROM directory.person WHERE id = 'clerk.honghu'")
    assert roles == ["intake_clerk", "reviewer"]
    assert matches(password_hash, PASSWORD)


def test_passwords_are_kept_as_hashes_only(url: str) -> None:
    """Each with its own salt, although all forty are the same."""
    hashes = [row[0] for row in rows(url, "SELECT password_hash FROM directory.person")]
    assert len(set(hashes)) == 40
    assert all(one.startswith("$argon2id$") for one in hashes)


def test_a_wrong_town_is_told_problem_by_problem_and_changes_nothing(url: str, town: Path) -> None:
    """Every wrong row, with its file and line, and the exit code is not 0."""
    replace(town / "departments.csv", "区住建局", "区住房城乡建设局")
    replace(town / "people.csv", "clerk.liuxi,梁语桐,intake_clerk", "clerk.liuxi,梁语桐,wizard")
    replace(town / "responsibility.csv", "E01-01,cj,chengguan", "E01-01,cj,nobody")
    told = run(town)
    assert told.exit_code == 1
    assert [line.partition(": ")[0] for line in told.stderr.splitlines()] == ["people.csv:10", "responsibility.csv:3"]
    assert rows(url, COUNTS) == [(40, len(ANNOUNCED))]
    assert rows(url, "SELECT max(version) FROM directory.dataset") == [(1,)]


def test_an_officer_without_an_area_works_where_the_department_does(url: str, town: Path) -> None:
    """So that an administrator of the area can see and suspend the account."""
    replace(town / "people.csv", "officer department_head,wuye,cj.sanhe,", "officer department_head,wuye,,")
    assert run(town).stdout == "没有变化 Nothing changed.\n"
    assert rows(url, "SELECT area FROM directory.person WHERE id = 'officer.wuye'") == [("cj.sanhe",)]


def test_without_its_tables_the_command_says_what_to_do(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And shows no traceback."""
    monkeypatch.setenv("DATABASE_URL", database)
    told = run(EXAMPLE)
    assert told.exit_code == 1
    assert "whistle migrate" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize("said", ["", "mysql://localhost/whistle"])
def test_a_database_that_is_not_named_rightly_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the variable."""
    monkeypatch.setenv("DATABASE_URL", said)
    told = run(EXAMPLE)
    assert told.exit_code == 1
    assert "DATABASE_URL" in told.stderr


def test_a_folder_that_is_not_there_is_told() -> None:
    """Before anything is read."""
    told = run(EXAMPLE / "nowhere")
    assert told.exit_code == 2
    assert "nowhere" in told.stderr.replace("\n", "")
