"""A file that is missing, broken or has the wrong columns is reported once, with its line."""

import pytest

from services.directory.town import Problem, TownErrors, read_town
from tests.unit.town.town_copy import TownCopy

FILES = (
    "areas.geojson",
    "calendar.csv",
    "categories.csv",
    "departments.csv",
    "hours.csv",
    "kinds.yaml",
    "people.csv",
    "policies.csv",
    "responsibility.csv",
    "responsible.csv",
    "weights.csv",
)


def test_the_example_town_reads_clean(town: TownCopy) -> None:
    """Nothing is wrong with it."""
    assert town.problems() == []


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_and_causes_no_other_message(town: TownCopy, file: str) -> None:
    """What refers to it cannot be checked, so nothing is said about that."""
    town.path(file).unlink()
    assert town.problems() == [Problem(file, 0, "缺少文件。", "The file is missing.")]


def test_a_directory_that_does_not_exist_misses_every_file(town: TownCopy) -> None:
    """All eleven are named at once."""
    with pytest.raises(TownErrors) as caught:
        read_town(town.directory / "nowhere")
    assert [problem.file for problem in caught.value.problems] == list(FILES)


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_is_named(town: TownCopy, file: str) -> None:
    """Blanks don't count as content."""
    town.write(file, " \n")
    assert town.problems() == [Problem(file, 1, "文件是空的。", "The file is empty.")]


def test_a_folder_in_a_files_place_is_named(town: TownCopy) -> None:
    """It cannot be read."""
    town.path("people.csv").unlink()
    town.path("people.csv").mkdir()
    (problem,) = town.problems()
    assert (problem.file, problem.line) == ("people.csv", 0)
    assert problem.message_en.startswith("The file cannot be read: ")


@pytest.mark.parametrize("file", sorted({*FILES} - {"hours.csv", "policies.csv", "responsibility.csv", "weights.csv"}))
def test_another_encoding_is_named_with_the_line_it_begins_on(town: TownCopy, file: str) -> None:
    """As a spreadsheet on a Chinese desk saves it."""
    first = next(number for number, line in enumerate(town.text(file).splitlines(), 1) if not line.isascii())
    town.path(file).write_bytes(town.text(file).encode("gb18030"))
    assert town.problems() == [
        Problem(file, first, "不是 UTF-8 编码，请另存为 UTF-8。", "Not UTF-8; save the file as UTF-8.")
    ]


@pytest.mark.parametrize("file", FILES)
def test_a_byte_order_mark_is_no_problem(town: TownCopy, file: str) -> None:
    """Spreadsheets write one."""
    town.path(file).write_bytes(b"\xef\xbb\xbf" + town.path(file).read_bytes())
    assert town.problems() == []


def test_windows_line_ends_and_blank_lines_are_no_problem(town: TownCopy) -> None:
    """Nor are rows of nothing but commas."""
    text = town.text("responsible.csv").replace("\n", "\r\n") + ",,,\r\n\r\n"
    town.path("responsible.csv").write_bytes(text.encode())
    assert town.problems() == []


def test_an_open_quote_is_found_where_its_row_begins(town: TownCopy) -> None:
    """And nothing else is said about the file."""
    line = town.line_of("people.csv", "officer.sifa")
    town.replace("people.csv", "officer.sifa,", 'officer.sifa,"')
    assert town.problems() == [
        Problem("people.csv", line, "CSV 格式错误：unexpected end of data。", "Broken CSV: unexpected end of data.")
    ]


def test_a_header_without_rows_is_named(town: TownCopy) -> None:
    """An empty table would leave everything without its reference."""
    town.write("responsibility.csv", "category,area,lead,supports\n")
    assert town.problems() == [Problem("responsibility.csv", 1, "没有一行数据。", "There is no data in it.")]


def test_wrong_columns_are_all_named_on_the_header_line(town: TownCopy) -> None:
    """Missing, unknown and repeated ones; the rows below are not reported again."""
    town.replace("people.csv", "id,name,roles,department", "id,nom,roles,roles")
    assert [(problem.line, problem.message_zh, problem.message_en) for problem in town.problems()] == [
        (1, "列 roles 重复。", "Column roles appears twice."),
        (1, "未知的列 nom。", "Column nom is unknown."),
        (1, "缺少列 department。", "Column department is missing."),
        (1, "缺少列 name。", "Column name is missing."),
    ]


def test_columns_may_come_in_any_order(town: TownCopy) -> None:
    """Their names count, not their places."""
    rows = [line.split(",") for line in town.text("responsible.csv").splitlines()]
    town.write("responsible.csv", "".join(",".join(reversed(row)) + "\n" for row in rows))
    assert town.problems() == []


def test_a_row_with_a_cell_too_many_is_named(town: TownCopy) -> None:
    """An unquoted comma would shift every cell behind it."""
    line = town.line_of("departments.csv", "yuanlin,")
    town.replace("departments.csv", "yuanlin,", "yuanlin,,")
    assert town.problems() == [
        Problem("departments.csv", line, "应有 7 个单元格，实有 8 个。", "Expected 7 cells, found 8.")
    ]


def test_broken_json_is_found_on_its_line(town: TownCopy) -> None:
    """A comma too many."""
    town.replace(
        "areas.geojson", '{"type": "Feature", "properties": {"code": "cj.sanhe",', '{"type": "Feature",, "x": {'
    )
    assert town.problems() == [
        Problem(
            "areas.geojson",
            3,
            "JSON 格式错误：Expecting property name enclosed in double quotes。",
            "Broken JSON: Expecting property name enclosed in double quotes.",
        )
    ]


def test_json_that_is_no_feature_collection_is_named(town: TownCopy) -> None:
    """A list is not one."""
    town.write("areas.geojson", "[]")
    assert town.problems() == [
        Problem(
            "areas.geojson",
            1,
            "应为 GeoJSON FeatureCollection，且 features 是数组。",
            "This must be a GeoJSON FeatureCollection with an array of features.",
        )
    ]


def test_a_collection_without_features_is_named(town: TownCopy) -> None:
    """A town without areas is none; members before `features` don't matter."""
    town.write("areas.geojson", '{"bbox": [1, 2], "type": "FeatureCollection", "features": []}')
    assert Problem("areas.geojson", 1, "没有一行数据。", "There is no data in it.") in town.problems()


def test_something_that_is_no_feature_is_named_by_line_and_number(town: TownCopy) -> None:
    """A geometry is missing."""
    line, number = town.feature_at("cj.sanhe.honghu.g01.c01")
    lines = town.text("areas.geojson").splitlines()
    lines.insert(line - 1, '{"type": "Feature", "properties": {}, "geometry": null},')
    town.write("areas.geojson", "\n".join(lines))
    assert town.problems() == [
        Problem(
            "areas.geojson",
            line,
            f"第 {number} 个要素：应为带 properties 和 geometry 的 Feature。",
            f"Feature {number}: This must be a Feature with properties and a geometry.",
        )
    ]


def test_broken_yaml_is_found_on_its_line(town: TownCopy) -> None:
    """A bracket is never closed."""
    line = town.line_of("kinds.yaml", "name: 水电气热")
    town.replace("kinds.yaml", "name: 水电气热", "name: 水: 电")
    assert town.problems() == [
        Problem(
            "kinds.yaml",
            line,
            "YAML 格式错误：mapping values are not allowed here。",
            "Broken YAML: mapping values are not allowed here.",
        )
    ]


def test_a_control_character_in_yaml_is_found_on_its_line(town: TownCopy) -> None:
    """PyYAML refuses it before it looks at anything else."""
    line = town.line_of("kinds.yaml", "name: 水电气热")
    town.replace("kinds.yaml", "水电气热", "水\x07")
    assert [(problem.file, problem.line) for problem in town.problems()] == [("kinds.yaml", line)]


@pytest.mark.parametrize("text", ["- code: daily\n", "kinds: 5\n", "kinds: []\nmore: []\n"])
def test_yaml_without_a_list_of_kinds_is_named(town: TownCopy, text: str) -> None:
    """There must be that list and nothing else."""
    town.write("kinds.yaml", text)
    assert town.problems() == [
        Problem(
            "kinds.yaml",
            1,
            "应为以 kinds 为键的列表，每项为一个类别。",
            "There must be a list named kinds, each item one kind.",
        )
    ]


def test_a_kind_that_is_only_a_word_is_named(town: TownCopy) -> None:
    """Each item has fields."""
    town.write("kinds.yaml", town.text("kinds.yaml") + "  - special\n")
    line = town.line_of("kinds.yaml", "- special")
    assert [(problem.line, problem.message_en) for problem in town.problems()] == [
        (line, "There must be a list named kinds, each item one kind.")
    ]


def test_an_empty_list_of_kinds_is_named(town: TownCopy) -> None:
    """Then every category lacks its kind, too."""
    town.write("kinds.yaml", "kinds: []\n")
    assert Problem("kinds.yaml", 1, "没有一行数据。", "There is no data in it.") in town.problems()


def test_a_name_written_twice_in_yaml_is_found(town: TownCopy) -> None:
    """The parser alone would silently keep the last."""
    line = town.line_of("kinds.yaml", "name: 日常")
    town.replace("kinds.yaml", "    name: 日常\n", "    name: 日常\n    name: 平时\n")
    assert town.problems() == [
        Problem("kinds.yaml", line + 1, "同一处重复出现“name”。", "“name” appears twice in one place.")
    ]


def test_every_wrong_row_of_every_file_is_reported_at_once(town: TownCopy) -> None:
    """In the order of files and lines, so that one round of corrections is enough."""
    town.replace("categories.csv", ",7d,", ",7x,")
    town.replace("people.csv", "officer department_head,zhujian", "officer department_head,zhujan")
    town.replace("responsible.csv", "cj,,魏长河", "cx,,魏长河")
    town.change_area("cj.sanhe.liuxi", name=None)
    found = [problem.file for problem in town.problems()]
    assert found == sorted(found)
    assert set(found) == {"areas.geojson", "categories.csv", "departments.csv", "people.csv", "responsible.csv"}


def test_the_errors_text_has_one_line_for_each_problem(town: TownCopy) -> None:
    """What an operator sees: file, line, Chinese, English."""
    town.path("people.csv").unlink()
    with pytest.raises(TownErrors, match=r"^people\.csv:0: 缺少文件。 The file is missing\.$"):
        read_town(town.directory)
