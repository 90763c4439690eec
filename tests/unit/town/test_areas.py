"""The areas must form a tree that tiles the town; what doesn't is reported by line, number and code."""

from typing import Any

import pytest

from services.directory.town import Problem
from tests.unit.town.town_copy import TownCopy, square

CELL = "cj.sanhe.honghu.g03.c10"
GRID = "cj.sanhe.honghu.g03"
SIBLING = "cj.sanhe.honghu.g03.c09"


def problem(town: TownCopy, code: str, zh: str, en: str) -> Problem:
    """A problem of the area of this code."""
    line, number = town.feature_at(code)
    return Problem("areas.geojson", line, f"第 {number} 个要素 {code}：{zh}", f"Feature {number} {code}: {en}")


WRONG_PROPERTIES: list[tuple[dict[str, Any], str, str]] = [
    ({"name": None}, "name 不能为空。", "name must not be empty."),
    ({"name": 7}, "name 应为不含控制字符的文字：7。", "name must be text without control characters: 7."),
    ({"colour": "red"}, "未知的列 colour。", "Column colour is unknown."),
    (
        {"level": "village"},
        "层级应为 district、street、community、grid、cell 之一：village。",
        "The level must be district, street, community, grid or cell: village.",
    ),
    ({"level": "grid"}, "层级应为 cell，写的是 grid。", "The level must be cell, not grid."),
    (
        {"households": "many"},
        "households 应为不小于 0 的整数：many。",
        "households must be a whole number, 0 or more: many.",
    ),
    ({"households": -1}, "households 应为不小于 0 的整数：-1。", "households must be a whole number, 0 or more: -1."),
    ({"households": None}, "单元格要写户数 households。", "A cell needs its number of households."),
    ({"addresses": []}, "单元格至少要有一个地址。", "A cell needs at least one address."),
    ({"addresses": "西湖路"}, "addresses 应为列表：西湖路。", "addresses must be a list: 西湖路."),
    (
        {"addresses": ["甲", "甲"]},
        "addresses 中有重复：['甲', '甲']。",
        "addresses repeats a value: ['甲', '甲'].",
    ),
    ({"addresses": [""]}, "addresses 不能为空。", "addresses must not be empty."),
    (
        {"addresses": ["西湖春天1栋"]},
        f"地址“西湖春天1栋”已属于 {SIBLING}。",
        f"The address “西湖春天1栋” already belongs to {SIBLING}.",
    ),
]


@pytest.mark.parametrize(("properties", "zh", "en"), WRONG_PROPERTIES, ids=[case[2] for case in WRONG_PROPERTIES])
def test_a_wrong_property_of_a_cell_is_reported(town: TownCopy, properties: dict[str, Any], zh: str, en: str) -> None:
    """By the feature's line and number and its code."""
    town.change_area(CELL, **properties)
    assert problem(town, CELL, zh, en) in town.problems()


def test_a_wrong_cell_does_not_make_its_neighbours_wrong(town: TownCopy) -> None:
    """Its grid is not said to have a gap while the cell itself cannot be read."""
    town.change_area(CELL, name=None)
    assert town.problems() == [problem(town, CELL, "name 不能为空。", "name must not be empty.")]


def test_a_code_with_six_levels_is_too_deep(town: TownCopy) -> None:
    """Below the cell there is nothing."""
    town.change_area(CELL, code=f"{SIBLING}.r1")
    expected = problem(town, f"{SIBLING}.r1", "代码的层数多于五级。", "The code has more than five levels.")
    assert expected in town.problems()


def test_an_area_there_twice_is_reported(town: TownCopy) -> None:
    """The second one names the first's line."""
    first, _ = town.feature_at(SIBLING)
    second, number = town.feature_at(CELL)
    town.change_area(CELL, code=SIBLING)
    expected = Problem(
        "areas.geojson",
        second,
        f"第 {number} 个要素 {SIBLING}：与第 {first} 行重复：{SIBLING}。",
        f"Feature {number} {SIBLING}: Same as line {first}: {SIBLING}.",
    )
    assert expected in town.problems()


def test_an_area_without_the_area_around_it_is_reported(town: TownCopy) -> None:
    """Its code's beginning must exist."""
    orphan = "cj.sanhe.honghu.g99.c10"
    town.change_area(CELL, code=orphan)
    expected = problem(
        town, orphan, "上级区域不存在：cj.sanhe.honghu.g99。", "The area above does not exist: cj.sanhe.honghu.g99."
    )
    assert expected in town.problems()


def test_an_area_that_nobody_answers_for_is_reported(town: TownCopy) -> None:
    """Every area has a responsible person."""
    lines = town.text("responsible.csv").splitlines(keepends=True)
    town.write("responsible.csv", "".join(line for line in lines if not line.startswith(f"{CELL},")))
    assert town.problems() == [
        problem(town, CELL, "没有责任人（responsible.csv）。", "Nobody is responsible for it (responsible.csv).")
    ]


def test_only_cells_have_addresses(town: TownCopy) -> None:
    """An address leads to one cell."""
    town.change_area(GRID, addresses=["西湖春天"])
    assert town.problems() == [
        problem(town, GRID, "只有单元格可以写地址和户数。", "Only a cell has addresses and households.")
    ]


BOW_TIE = {"type": "Polygon", "coordinates": [[[118, 32], [119, 33], [119, 32], [118, 33], [118, 32]]]}
WRONG_BOUNDARIES: list[tuple[dict[str, Any], str]] = [
    ({"type": "Point", "coordinates": [118.1, 32.2]}, "The boundary cannot be read or is no polygon: Point."),
    ({"type": "Polygon", "coordinates": []}, "The boundary cannot be read or is no polygon: Polygon."),
    ({"type": "Polygon", "coordinates": [[[118.1]]]}, "The boundary cannot be read or is no polygon: "),
    ({"type": "Polygon"}, "The boundary cannot be read or is no polygon: "),
    (BOW_TIE, "The polygon is invalid: Self-intersection"),
    (square(32.2, 118.1, 32.3, 118.2), "Coordinates beyond longitude ±180 or latitude ±90 (longitude comes first)."),
]


@pytest.mark.parametrize(("boundary", "message"), WRONG_BOUNDARIES)
def test_a_boundary_that_is_no_good_polygon_is_reported(town: TownCopy, boundary: dict[str, Any], message: str) -> None:
    """Alone: what it would have covered is not counted as a gap."""
    town.change_area(CELL, boundary=boundary)
    line, number = town.feature_at(CELL)
    (found,) = town.problems()
    assert (found.file, found.line) == ("areas.geojson", line)
    assert found.message_en.startswith(f"Feature {number} {CELL}: {message}")
    assert found.message_zh.startswith(f"第 {number} 个要素 {CELL}：")


def test_a_cell_beyond_its_grid_is_reported(town: TownCopy) -> None:
    """And the gap that it leaves in its grid."""
    town.change_area(CELL, boundary=square(118.5, 32.5, 118.502, 32.502))
    found = town.problems()
    assert problem(town, CELL, f"超出上级区域 {GRID} 的边界。", f"It reaches beyond the area above, {GRID}.") in found
    (gap,) = [one for one in found if one.message_en.startswith(f"Feature {town.feature_at(GRID)[1]} {GRID}: ")]
    assert "The areas below leave a gap of 2" in gap.message_en
    assert "下级区域没有铺满本区域" in gap.message_zh


def test_cells_that_overlap_are_reported_once(town: TownCopy) -> None:
    """The later one names the earlier."""
    town.change_area(CELL, boundary=town.boundary(SIBLING))
    overlaps = [one for one in town.problems() if "overlaps" in one.message_en]
    assert overlaps == [problem(town, CELL, f"与同级区域 {SIBLING} 重叠。", f"It overlaps its sibling {SIBLING}.")]


def test_districts_that_overlap_are_reported(town: TownCopy) -> None:
    """Areas without an area above are siblings as well."""
    town.change_area("cj.sanhe", code="dj", level="district")
    assert problem(town, "dj", "与同级区域 cj 重叠。", "It overlaps its sibling cj.") in town.problems()


def test_neighbours_may_differ_by_a_rounding(town: TownCopy) -> None:
    """A tenth of a metre is within the tolerance."""
    boundary = town.boundary(CELL)
    boundary["coordinates"][0][1][0] += 0.000001
    town.change_area(CELL, boundary=boundary)
    assert town.problems() == []


def test_a_grid_without_cells_is_reported(town: TownCopy) -> None:
    """Its places would have nobody."""
    for number in range(9, 13):
        town.remove_area(f"{GRID}.c{number:02}")
    assert problem(town, GRID, "没有下级区域。", "There is no area below it.") in town.problems()


def test_a_missing_cell_leaves_a_gap(town: TownCopy) -> None:
    """A case in the gap would find no cell."""
    town.remove_area(CELL)
    assert any("The areas below leave a gap of" in one.message_en for one in town.problems())
