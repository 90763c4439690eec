"""Which cases nearby are likely about the same."""

import pytest
from msgspec.structs import replace

from services.intake.domain.duplicates import RULE, Candidate, likely, likeness
from services.intake.domain.transitions import State
from tests.unit.intake.samples import EARLIER, GRID, OTHER_ID

LEAK = "西湖春天入口大厅二楼饭店厕所漏水"
CANDIDATE = Candidate(OTHER_ID, "吹20260302-000001", State.WHISTLED, GRID, "", EARLIER, 12.0)


@pytest.mark.parametrize(
    "summary", ["二楼餐馆卫生间漏水到小区大厅", "大厅漏水", "饭店厕所往下漏水，小区入口大厅都湿了，请尽快处理", LEAK]
)
def test_the_same_leak_in_other_words_is_found(summary: str) -> None:
    """People never say it the same way twice."""
    assert likely(LEAK, [replace(CANDIDATE, summary=summary)])


@pytest.mark.parametrize("summary", ["路灯不亮了三天", "商铺门口占道经营", "", "漏"])
def test_another_matter_is_not(summary: str) -> None:
    """However near it is."""
    assert not likely(LEAK, [replace(CANDIDATE, summary=summary)])


def test_a_short_report_that_says_the_same_as_a_long_one_is_as_like_as_can_be() -> None:
    """Not its length counts, but what it says."""
    assert likeness("大厅漏水", "小区大厅漏水，请尽快处理") == 100.0
    assert likeness("漏", "水") == 0.0


def test_the_likeliest_come_first_and_only_a_few() -> None:
    """A clerk looks at ten at most."""
    alike = [replace(CANDIDATE, number=f"吹20260302-{n:06}", summary="大厅漏水") for n in range(RULE.shown + 5)]
    found = likely(LEAK, [*alike, replace(CANDIDATE, number="吹20260302-ZZZZZZ", summary=LEAK)])
    assert len(found) == RULE.shown
    assert (found[0].candidate.summary, found[0].likeness) == (LEAK, 100.0)
    assert found[1].candidate.number == "吹20260302-000000"
