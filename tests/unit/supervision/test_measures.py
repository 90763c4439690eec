"""Months, measures and rankings: what is easily taken for something else."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from msgspec.structs import replace

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clock import OVERDUE, Clock, Step
from services.supervision.domain.figures import community_of, difference, month_of, settled_at, street_of
from services.supervision.domain.measures import BY_NAME, FIGURES, MEASURES, share_of
from services.supervision.domain.ranking import TABLES, rank, weights_of
from services.supervision.domain.transitions import ClockState
from shared.engine.work import Key
from shared.web.sheet import harmless
from tests.unit.supervision.samples import CASE, LEAD

DUE = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
NEXT_MONTH = DUE + timedelta(days=2)
SIGN = Clock(
    id=LEAD, name="sign", assignment_id=LEAD, department="zhujian", calendar="N", days=1,
    started_at=DUE - timedelta(days=1), due_at=DUE, steps=(Step(OVERDUE, DUE),),
)  # fmt: skip
BREACHED = replace(SIGN, steps=(Step(OVERDUE, DUE, fired_at=DUE),))


FILE = CaseFile(CASE, area="cj.sanhe.honghu.g01", category="E06-01")


def added_by(clock: Clock) -> dict[Key, int]:
    """What a new clock adds to the sums."""
    return {key: amount for key, amount in difference(FILE, (), FILE, [clock]).items() if amount}


def test_a_month_is_that_of_shanghai() -> None:
    """The last eight hours of a month in UTC belong to the next one."""
    assert month_of(datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == "2026-09"
    assert month_of(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == "2026-10"


@pytest.mark.parametrize(
    ("clock", "settled"),
    [
        (SIGN, None),
        (SIGN.cancel(DUE), None),
        (SIGN.stop(DUE - timedelta(hours=1)), DUE - timedelta(hours=1)),
        (SIGN.stop(NEXT_MONTH), DUE),  # nobody had told that it ran out
        (BREACHED, DUE),
        (BREACHED.stop(NEXT_MONTH), DUE),
        (BREACHED.cancel(NEXT_MONTH), DUE),
        (BREACHED.stop(DUE - timedelta(hours=1)), DUE - timedelta(hours=1)),  # withdrawn
        (replace(BREACHED, due_at=NEXT_MONTH), DUE),  # more time afterwards does not undo it
    ],
)
def test_a_limit_is_settled_when_it_is_kept_or_runs_out(clock: Clock, settled: datetime | None) -> None:
    """Its month never changes by when it ends at last."""
    assert settled_at(clock) == settled


def test_an_overdue_limit_that_is_still_open_counts_against() -> None:
    """In each of the three views, and as overdue now."""
    assert added_by(replace(BREACHED, name="close")) == {
        ("overdue.close", "", "zhujian", "cj.sanhe", ""): 1,
        ("close.due", "2026-09", "", "cj.sanhe.honghu", ""): 1,
        ("close.due", "2026-09", "", "cj.sanhe", "E06-01"): 1,
        ("close.due", "2026-09", "zhujian", "cj.sanhe", ""): 1,
    }


def test_an_open_limit_that_has_not_run_out_counts_nowhere() -> None:
    """Neither for nor against."""
    assert added_by(SIGN) == {}
    assert SIGN.state is ClockState.RUNNING


def test_areas_are_cut_where_streets_and_communities_end() -> None:
    """Whatever lies deeper."""
    assert (street_of("cj.sanhe.honghu.g01.c2"), community_of("cj.sanhe.honghu.g01.c2")) == (
        "cj.sanhe",
        "cj.sanhe.honghu",
    )
    assert (street_of("cj"), community_of("cj.sanhe")) == ("cj", "cj.sanhe")


def test_a_share_of_nothing_is_no_share() -> None:
    """Not 0, and not 100 per cent."""
    share = share_of(BY_NAME["rework"], {})
    assert (share.numerator, share.denominator, share.rate, share.score) == (0, 0, None, None)
    share = share_of(BY_NAME["rework"], {"unverified": 1, "fed_back": 3})
    assert (share.rate, share.score) == (33.33, 66.67)


def test_thirteen_measures_have_names_of_their_own() -> None:
    """In both languages."""
    assert len(MEASURES) == len({one.name for one in MEASURES}) == len({one.zh for one in MEASURES}) == 13
    assert "close.due" in FIGURES
    assert all(name in BY_NAME for names in TABLES.values() for name in names)


def test_equals_share_a_rank_and_who_has_nothing_to_share_has_none() -> None:
    """Compared exactly, not as rounded."""
    weights = {"sign_in_time": Fraction(100)}
    sums = {
        "a": {"sign.in_time": 1, "sign.due": 3},
        "b": {"sign.in_time": 2, "sign.due": 6},
        "c": {"sign.in_time": 1, "sign.due": 1},
        "d": {"summoned": 4, "refusal.points": 2},
        "e": {"sign.in_time": 33333, "sign.due": 100000},
    }
    lines = rank(sums, weights)
    assert [(one.code, one.rank) for one in lines] == [("c", 1), ("a", 2), ("b", 2), ("e", 4), ("d", None)]
    assert [one.total for one in lines] == [100.0, 33.33, 33.33, 33.33, None]
    assert lines[-1].refusal_points == 2


def test_without_weights_nobody_has_a_rank() -> None:
    """Nothing to weigh with."""
    assert [one.rank for one in rank({"a": {"sign.in_time": 1, "sign.due": 1}}, {})] == [None]
    assert weights_of([{"table": "departments", "measure": "rework", "weight": 12.5}], "departments") == {
        "rework": Fraction(25, 2)
    }


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_of_a_cell_begins_as_a_formula_does(begin: str) -> None:
    """Numbers below nothing stay numbers."""
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"
    assert harmless(-1) == -1
    assert harmless("cj.sanhe") == "cj.sanhe"
