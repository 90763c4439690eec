"""`whistle rebuild`: from the journal come the same rows again, byte for byte, whatever had become of them."""

from collections.abc import Iterator
from random import Random

import pytest

from services.supervision.commands.fire_clocks import FireClocks
from shared.engine.works import Work
from shared.runtime.clock import uuid7
from shared.store.database import Database
from shared.store.errors import Away
from tests.component.supervision.played import Played
from tests.support.lives import Heard, in_turn, live
from tests.support.tables import execute
from tools import rebuild as tool
from tools.rebuild import Busy, rebuild

FILES, SUMS, RULINGS = "supervision.case_file", "supervision.tally", "supervision.ruling"
STRAY = """'{"id": "00000000-0000-7000-8000-0000000000ff"}'"""
DAMAGE = {
    "a file that is gone": f"DELETE FROM {FILES} WHERE id = (SELECT id FROM {FILES} ORDER BY id LIMIT 1)",
    "files that say something else": f"UPDATE {FILES} SET state = 'draft', parts = '[]', version = version + 3",
    "a file of which nothing tells": f"""INSERT INTO {FILES}
        SELECT (jsonb_populate_record(one, {STRAY.replace(":", chr(92) + ":")})).* FROM {FILES} AS one LIMIT 1""",
    "rulings that are gone": f"DELETE FROM {RULINGS}",
    "rulings at another place": f"UPDATE {RULINGS} SET stands_at = stands_at + interval '1 day'",
    "rulings on what does not wait": f"UPDATE {RULINGS} SET matter = 'dispute', case_id = about_id",
    "sums that are wrong": f"UPDATE {SUMS} SET amount = amount + 7",
    "sums that are gone": f"DELETE FROM {SUMS}",
    "sums of nothing": f"INSERT INTO {SUMS} VALUES ('sign.due', '2020-01', 'nobody', 'cj.sanhe', '', 4)",
}


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    """What the lives of some cases tell."""
    random = Random(3)
    return list(in_turn([live(number, random) for number in range(15)]))


@pytest.fixture
def played(database: str, heard: list[Heard]) -> Iterator[Played]:
    """Most of it has been heard."""
    with Played(database) as played:
        played.hear(heard[: len(heard) * 3 // 4])
        yield played


def test_the_same_rows_come_again_byte_for_byte(played: Played) -> None:
    """In portions of any size; also twice."""
    before = played.dump()
    assert len(before) > 100
    for portion in (1, 4, 200):
        done = rebuild(played.database, portion=portion)
        assert done.cases == len(played.cases())
        assert played.dump() == before


def test_whatever_was_damaged_is_mended(played: Played) -> None:
    """Each damage alone, so that none hides another."""
    before = played.dump()
    for name, damage in DAMAGE.items():
        execute(played.url, damage)
        assert played.dump() != before, name
        rebuild(played.database)
        assert played.dump() == before, name


def test_what_comes_after_a_rebuild_is_counted_as_if_there_had_been_none(played: Played, heard: list[Heard]) -> None:
    """The rest of the lives, once after a rebuild; then another rebuild finds nothing to mend."""
    execute(played.url, "UPDATE supervision.case_file SET state = 'draft'")
    execute(played.url, "DELETE FROM supervision.tally")
    rebuild(played.database)
    played.hear(heard[len(heard) * 3 // 4 :])
    before = played.dump()
    rebuild(played.database)
    assert played.dump() == before


def test_points_of_refusals_stay_as_they_are(played: Played) -> None:
    """They come from other rows than those that are read here."""
    sql = "INSERT INTO supervision.tally VALUES ('refusal.points', '2026-10', 'zhujian', 'cj.sanhe', '', 5)"
    execute(played.url, sql)
    before = played.dump()
    rebuild(played.database)
    assert played.dump() == before


def test_the_service_stands_still_meanwhile_and_goes_on_afterwards(played: Played) -> None:
    """It keeps its works and tries again; nothing is written between two portions."""
    case = played.cases()[0]
    endings: list[str] = []

    def meanwhile(_cases: int) -> None:
        if not endings:
            try:
                (result,) = played.engine.run([Work(uuid7(), FireClocks(case))])
                endings.append(result.ending)
            except Away:
                endings.append("away")

    before = played.dump()
    other = Database(played.url, "supervision")
    try:
        rebuild(other, meanwhile, portion=4)
    finally:
        other.close()
    assert endings in (["busy"], ["away"])
    assert played.dump() == before
    (result,) = played.engine.run([Work(uuid7(), FireClocks(case))])
    assert result.ending == "done"


def test_it_refuses_while_the_service_does_not_pause(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds a case longer than it waits; nothing was touched."""
    monkeypatch.setattr(tool, "PATIENCE", "100ms")
    execute(played.url, "DELETE FROM supervision.tally")
    before = played.dump()
    with played.database.write() as connection:
        connection.exec_driver_sql("SELECT FROM supervision.case_file LIMIT 1 FOR UPDATE")
        other = Database(played.url, "supervision")
        try:
            with pytest.raises(Busy):
                rebuild(other)
        finally:
            other.close()
    assert played.dump() == before
