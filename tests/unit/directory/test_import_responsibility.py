"""What importing the responsibility table changes, announces, and refuses."""

import pytest

from services.directory.commands import import_responsibility
from services.directory.commands.import_responsibility import ChangedRow, ImportResponsibility, ResponsibilityImported
from services.directory.domain.dataset import Dataset, Row
from shared.engine.work import Outcome
from shared.errors import Forbidden, StaleVersion
from tests.support.deciding import decide
from tests.unit.directory.samples import ADMINISTRATOR, HERSELF, announced


def row(category: str, lead: str, *supports: str) -> Row:
    """A row of the table."""
    return {"category": category, "area": "cj", "lead": lead, "supports": [*supports]}


LEAK, STALL, TREES = row("E06-01", "zhujian", "chengguan"), row("E04-01", "chengguan"), row("E06-11", "yuanlin")
PRESENT = (Dataset("responsibility", (LEAK, STALL), 3), Dataset("areas", (), 5))


def imported(*rows: Row, dry_run: bool = False, areas: int = 5, by: object = ADMINISTRATOR) -> Outcome:
    """These rows in place of the table."""
    command = ImportResponsibility(rows, {"areas": areas}, dry_run, by)  # type: ignore[arg-type]  # an actor
    return decide(import_responsibility, command, *PRESENT)


def test_the_table_is_replaced_as_a_whole_and_announced() -> None:
    """And each row that is another is told."""
    other = row("E06-01", "zhujian", "shichang")
    outcome = imported(other, TREES)
    assert [*outcome.changed] == [Dataset("responsibility", (other, TREES), 4)]
    assert announced(outcome.events) == {"responsibility": (4, [other, TREES])}
    assert outcome.result == ResponsibilityImported(
        version=4, dry_run=False, added=(TREES,), changed=(ChangedRow(LEAK, other),), removed=(STALL,)
    )


def test_a_dry_run_tells_the_same_and_changes_nothing() -> None:
    """Neither a row nor an event."""
    outcome = imported(TREES, dry_run=True)
    assert ([*outcome.new], [*outcome.changed], [*outcome.events]) == ([], [], [])
    assert (outcome.result.version, outcome.result.added, outcome.result.removed) == (4, (TREES,), (LEAK, STALL))


def test_the_same_table_again_changes_nothing() -> None:
    """And stays in its version."""
    outcome = imported(LEAK, STALL)
    assert ([*outcome.changed], [*outcome.events], outcome.result.version) == ([], [], 3)


def test_a_table_that_was_checked_against_older_sets_is_refused() -> None:
    """What it refers to may be gone."""
    with pytest.raises(StaleVersion):
        imported(TREES, areas=4)


def test_only_an_administrator_imports() -> None:
    """Nobody else, not even to try."""
    with pytest.raises(Forbidden):
        imported(TREES, dry_run=True, by=HERSELF)
