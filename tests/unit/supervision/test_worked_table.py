"""The due times of a table that anybody can check by hand (`worked.csv`): hours 9-12 and 14-18, Shanghai time."""

import csv
from pathlib import Path
from typing import Any

import pytest

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clockwork import Extend, Move, Pause, Resume, Start
from services.supervision.domain.policies import Policies
from services.supervision.domain.winding import Clocks, make_all
from tests.unit.supervision.samples import CASE, LIMITS, TOWN, local, said

STEPS = ("review", "dispatch", "sign", "report_in", "first_feedback", "close", "verify", "call_back")
ROWS = list(csv.DictReader(Path(__file__).with_name("worked.csv").read_text("utf-8").splitlines()))


def moves(row: dict[str, Any]) -> list[Move]:
    """The clock's start, and what the row says happens to it."""
    name, at = row["clock"], local(row["started"])
    match row["change"].split(" ", 1):
        case ["paused", span]:
            begin, end = (local(one) for one in span.split(" to "))
            return [Start(name, "", at), Pause(begin), Resume(end)]
        case ["extended", share]:
            return [Start(name, "", at), Extend(name, "", at, float(share))]
        case ["rework", share]:
            return [Start(name, "", at, share=float(share))]
    return [Start(name, "", at)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['clock']} {row['started']} {row['change']}")
def test_a_limit_is_due_when_the_table_says(row: dict[str, Any]) -> None:
    ongoing = row["change"] == "in progress"
    category = row["category"] or "E06-01"
    file = CaseFile(CASE, kind=row["kind"], category=category, area="cj.sanhe.honghu", ongoing=ongoing)
    clocks = Clocks(Policies(*(TOWN[name] for name in ("kinds", "categories", "policies", "calendar", "hours"))))
    make_all(clocks, moves(row), file, local(row["started"]))
    [clock] = clocks.present.values()
    assert said(clock.due_at) == row["due"]


def test_the_table_has_every_step_of_every_kind() -> None:
    assert {(row["kind"], row["clock"]) for row in ROWS} >= {(kind, step) for kind in LIMITS for step in STEPS}
