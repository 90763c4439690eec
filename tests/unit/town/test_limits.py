"""Working days, hours, policies and weights that cannot be are told by file and line."""

import pytest

from services.directory.town import Problem
from tests.unit.town.town_copy import TownCopy

GOLDEN_WEEK = "2026,2026-10-01,2026-10-07,holiday,国庆节"
MAKE_UP = "2026,2026-10-10,2026-10-10,workday,国庆节"
SIGN = "daily,,cj.sanhe.liuxi.g07.c28,sign,3s,N,2026-01-01,"

# name of the case, file, what to replace, by what (the wrong row stands on its last line), in Chinese, in English
WRONG_ROWS = [
    (
        "a day in two ranges",
        "calendar.csv",
        GOLDEN_WEEK,
        f"{GOLDEN_WEEK}\n2026,2026-10-07,2026-10-08,holiday,国庆节",
        "2026-10-07 已在第 {before} 行。",
        "2026-10-07 is in line {before} already.",
    ),
    (
        "a working day within a holiday",
        "calendar.csv",
        GOLDEN_WEEK,
        f"{GOLDEN_WEEK}\n2026,2026-10-03,2026-10-04,workday,国庆节",
        "2026-10-03 既放假又上班（第 {before} 行）。",
        "2026-10-03 is a holiday and a working day (line {before}).",
    ),
    (
        "a range that ends before it begins",
        "calendar.csv",
        GOLDEN_WEEK,
        "2026,2026-10-07,2026-10-01,holiday,国庆节",
        "结束日期早于开始日期。",
        "It ends before it begins.",
    ),
    (
        "a range that leaves its year",
        "calendar.csv",
        MAKE_UP,
        f"{MAKE_UP}\n2026,2026-12-31,2027-01-01,holiday,元旦",
        "日期超出 2026 年；跨年的假期分年写。",
        "It leaves the year 2026; write a holiday over a year's end in both years.",
    ),
    (
        "a range of another year",
        "calendar.csv",
        MAKE_UP,
        "2026,2027-10-09,2027-10-09,workday,国庆节",
        "日期超出 2026 年；跨年的假期分年写。",
        "It leaves the year 2026; write a holiday over a year's end in both years.",
    ),
    (
        "a working day that is no weekend day",
        "calendar.csv",
        MAKE_UP,
        "2026,2026-10-09,2026-10-10,workday,国庆节",
        "2026-10-09 不是周末，不能作调休上班日。",
        "2026-10-09 is no weekend day, so it cannot become a working day.",
    ),
    (
        "a day that is neither",
        "calendar.csv",
        MAKE_UP,
        "2026,2026-10-10,2026-10-10,party,国庆节",
        "day 应为 holiday（放假）或 workday（调休上班）：party。",
        "day must be holiday or workday: party.",
    ),
    (
        "a date that does not exist",
        "calendar.csv",
        MAKE_UP,
        "2026,2026-02-29,2026-10-10,workday,国庆节",
        "from 应为 2026-10-01 这样的日期：2026-02-29。",
        "from must be a date such as 2026-10-01: 2026-02-29.",
    ),
    (
        "a date as a spreadsheet writes it",
        "calendar.csv",
        MAKE_UP,
        "2026,2026-10-10,2026/10/10,workday,国庆节",
        "to 应为 2026-10-01 这样的日期：2026/10/10。",
        "to must be a date such as 2026-10-01: 2026/10/10.",
    ),
    (
        "a year that is none",
        "calendar.csv",
        MAKE_UP,
        "马年,2026-10-10,2026-10-10,workday,国庆节",
        "year 应为整数，且在允许的范围内：马年。",
        "year must be a whole number within its range: 马年.",
    ),
    (
        "hours that overlap",
        "hours.csv",
        "wuye,08:00-12:00 12:30-20:00",
        "wuye,08:00-12:00 11:30-20:00",
        "hours 有重叠或次序不对：08:00-12:00 11:30-20:00。",
        "hours overlap or are not in order: 08:00-12:00 11:30-20:00.",
    ),
    (
        "hours that are not in order",
        "hours.csv",
        "wuye,08:00-12:00 12:30-20:00",
        "wuye,12:30-20:00 08:00-12:00",
        "hours 有重叠或次序不对：12:30-20:00 08:00-12:00。",
        "hours overlap or are not in order: 12:30-20:00 08:00-12:00.",
    ),
    (
        "hours that end before they begin",
        "hours.csv",
        "wuye,08:00-12:00 12:30-20:00",
        "wuye,22:00-06:00",
        "hours 有重叠或次序不对：22:00-06:00。",
        "hours overlap or are not in order: 22:00-06:00.",
    ),
    (
        "hours that no clock shows",
        "hours.csv",
        "wuye,08:00-12:00 12:30-20:00",
        "wuye,08:00-12:60",
        "hours 应为 09:00-12:00 13:30-17:30 这样的时间：08:00-12:60。",
        "hours must be hours such as 09:00-12:00 13:30-17:30: 08:00-12:60.",
    ),
    (
        "hours of nobody",
        "hours.csv",
        "wuye,",
        "nobody,",
        "unit 中的单位不存在：nobody。",
        "unit names an unknown department: nobody.",
    ),
    (
        "hours of one department twice",
        "hours.csv",
        "wuye,08:00-12:00 12:30-20:00",
        "wuye,08:00-12:00 12:30-20:00\nwuye,08:00-20:00",
        "与第 {before} 行重复：wuye。",
        "Same as line {before}: wuye.",
    ),
    ("kind", "policies.csv", SIGN, SIGN.replace("daily", "weekly"), "吹哨类别不存在：weekly。", None),
    ("category", "policies.csv", SIGN, SIGN.replace(",,", ",E99-99,", 1), "事项不存在：E99-99。", None),
    ("area", "policies.csv", SIGN, SIGN.replace("c28", "c99"), "区域不存在：cj.sanhe.liuxi.g07.c99。", None),
    (
        "clock",
        "policies.csv",
        SIGN,
        SIGN.replace("sign", "nap"),
        "clock 不是计时项：nap。",
        "clock is no clock: nap.",
    ),
    (
        "calendar of a policy",
        "policies.csv",
        SIGN,
        SIGN.replace(",N,", ",X,"),
        "calendar 应为 W（工作时间）或 N（全天候）：X。",
        None,
    ),
    (
        "limit of a policy",
        "policies.csv",
        SIGN,
        SIGN.replace("3s", "3w"),
        "limit 应为 30m、4h、7d 这样的时限：3w。",
        None,
    ),
    (
        "limit of nothing",
        "policies.csv",
        SIGN,
        SIGN.replace("3s", "0s"),
        "sign 的时限不能为 0，只有升级各级可以。",
        "The limit of sign must not be 0; only steps of the ladder may come at once.",
    ),
    (
        "validity that ends before it begins",
        "policies.csv",
        SIGN,
        f"{SIGN}2025-12-31",
        "有效期的结束早于开始。",
        "Its validity ends before it begins.",
    ),
    (
        "validity that overlaps",
        "policies.csv",
        SIGN,
        f"{SIGN}2026-06-30\n{SIGN.replace('2026-01-01', '2026-06-30')}",
        "与第 {before} 行的有效期重叠。",
        "Its validity overlaps that of line {before}.",
    ),
    (
        "validity that overlaps without an end",
        "policies.csv",
        SIGN,
        f"{SIGN}\n{SIGN.replace('2026-01-01', '2027-01-01')}",
        "与第 {before} 行的有效期重叠。",
        "Its validity overlaps that of line {before}.",
    ),
    (
        "the same policy twice",
        "policies.csv",
        SIGN,
        f"{SIGN}\n{SIGN}",
        "与第 {before} 行重复：daily cj.sanhe.liuxi.g07.c28 sign 2026-01-01。",
        "Same as line {before}: daily cj.sanhe.liuxi.g07.c28 sign 2026-01-01.",
    ),
    (
        "measure",
        "weights.csv",
        "departments,rework",
        "departments,returned",
        "departments 没有这项指标：returned。",
        "departments have no such measure: returned.",
    ),
    (
        "ranking",
        "weights.csv",
        "communities,returned",
        "streets,returned",
        "table 应为 departments 或 communities：streets。",
        "table must be departments or communities: streets.",
    ),
    (
        "half a per cent",
        "weights.csv",
        "communities,returned,15",
        "communities,returned,15.5",
        "weight 应为整数，且在允许的范围内：15.5。",
        "weight must be a whole number within its range: 15.5.",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message_zh", "message_en"),
    [case[1:] for case in WRONG_ROWS],
    ids=[case[0] for case in WRONG_ROWS],
)
def test_a_wrong_row_is_reported(
    town: TownCopy, file: str, old: str, new: str, message_zh: str, message_en: str | None
) -> None:
    """Alone, with the line it stands on, in both languages."""
    town.replace(file, old, new)
    line = town.line_of(file, new) + new.count("\n")
    (problem,) = town.problems()
    assert (problem.file, problem.line) == (file, line)
    assert problem.message_zh == message_zh.format(before=line - 1)
    assert message_en is None or problem.message_en == message_en.format(before=line - 1)


@pytest.mark.parametrize("name", ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"])
def test_a_year_without_one_of_its_holidays_is_reported_where_it_begins(town: TownCopy, name: str) -> None:
    """Otherwise a forgotten row would pass for a year of work."""
    lines = town.text("calendar.csv").splitlines()
    gone = [line for line in lines if not (line.startswith("2026,") and line.endswith(f"holiday,{name}"))]
    town.write("calendar.csv", "\n".join(gone))
    begins = next(number for number, line in enumerate(gone, 1) if line.startswith("2026,"))
    assert town.problems() == [Problem("calendar.csv", begins, f"2026 年缺少 {name}。", f"The year 2026 lacks {name}.")]


def test_two_holidays_in_one_range_are_both_there(town: TownCopy) -> None:
    """As in 2020, when both fell on one day."""
    town.replace("calendar.csv", "2026,2026-09-25,2026-09-27,holiday,中秋节\n", "")
    town.replace("calendar.csv", GOLDEN_WEEK, f"{GOLDEN_WEEK}、中秋节")
    assert town.problems() == []


def test_a_wrong_row_does_not_make_its_year_lack_a_holiday(town: TownCopy) -> None:
    """The row itself is reported, nothing else."""
    town.replace("calendar.csv", GOLDEN_WEEK, GOLDEN_WEEK.replace("holiday", "party"))
    assert [problem.message_en for problem in town.problems()] == ["day must be holiday or workday: party."]


def test_somebody_must_have_everybody_elses_hours(town: TownCopy) -> None:
    """The row of `*`."""
    town.replace("hours.csv", "*,", "jiedao,")
    assert town.problems() == [
        Problem("hours.csv", 0, "缺少“*”（其余各单位）的工作时间。", "The hours of everybody else (*) are missing.")
    ]


@pytest.mark.parametrize("hours", ["00:00-24:00", "08:00-12:00 12:00-16:00"])
def test_a_day_may_end_at_midnight_and_shifts_may_touch(town: TownCopy, hours: str) -> None:
    """Neither overlaps anything."""
    town.replace("hours.csv", "08:00-12:00 12:30-20:00", hours)
    assert town.problems() == []


def test_policies_that_follow_each_other_or_differ_in_their_key_may_be(town: TownCopy) -> None:
    """The next begins on the day after; another area, category, clock or kind is another matter."""
    rows = [
        f"{SIGN}2026-06-30",
        SIGN.replace("2026-01-01", "2026-07-01"),
        SIGN.replace("c28", "c27"),
        SIGN.replace(",,", ",P01-02,", 1),
        SIGN.replace("sign", "close"),
        SIGN.replace("daily", "utilities"),
    ]
    town.replace("policies.csv", SIGN, "\n".join(rows))
    assert town.problems() == []


def test_a_town_may_do_without_policies(town: TownCopy) -> None:
    """Then every kind's own limits hold."""
    town.write("policies.csv", town.text("policies.csv").splitlines()[0] + "\n")
    assert town.problems() == []


@pytest.mark.parametrize(("table", "measure"), [("departments", "sign_in_time"), ("communities", "resolved")])
def test_weights_that_do_not_add_up_are_reported_where_their_table_begins(
    town: TownCopy, table: str, measure: str
) -> None:
    """Each ranking is whole by itself."""
    line = town.line_of("weights.csv", f"{table},{measure},")
    text = town.text("weights.csv").splitlines()
    town.write("weights.csv", "\n".join([*text[: line - 1], f"{table},{measure},1", *text[line:]]))
    found = {"departments": 91, "communities": 61}[table]
    assert town.problems() == [
        Problem(
            "weights.csv",
            line,
            f"{table} 的权重合计应为 100，现为 {found}。",
            f"The weights of {table} must add up to 100 and are {found}.",
        )
    ]


def test_a_ranking_without_any_weight_is_reported(town: TownCopy) -> None:
    """For the file as a whole."""
    kept = [line for line in town.text("weights.csv").splitlines() if not line.startswith("communities")]
    town.write("weights.csv", "\n".join(kept))
    assert [(problem.line, problem.message_en) for problem in town.problems()] == [
        (0, "The weights of communities must add up to 100 and are 0.")
    ]


def test_every_wrong_row_of_every_table_is_reported_at_once(town: TownCopy) -> None:
    """And nothing of the town is taken."""
    town.replace("calendar.csv", MAKE_UP, "2026,2026-10-09,2026-10-09,workday,国庆节")
    town.replace("calendar.csv", GOLDEN_WEEK, "2026,2026-10-07,2026-10-01,holiday,国庆节")
    town.replace("hours.csv", "wuye", "nobody")
    town.replace("policies.csv", SIGN, f"{SIGN}2025-12-31")
    town.replace("weights.csv", "resolved,40", "resolved,41")
    assert [(problem.file, problem.line) for problem in town.problems()] == [
        ("calendar.csv", town.line_of("calendar.csv", "2026-10-07,2026-10-01")),
        ("calendar.csv", town.line_of("calendar.csv", "2026-10-09")),
        ("hours.csv", 3),
        ("policies.csv", 2),
        ("weights.csv", 7),
    ]
