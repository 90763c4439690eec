"""A wrong value is reported with its file, its line, its column and what it should have been."""

import pytest

from services.directory.town import Problem
from tests.unit.town.town_copy import TownCopy

# name of the case, file, what to replace, by what, in Chinese, in English; the replacement tells the line
WRONG_VALUES = [
    ("no code", "departments.csv", "\nsifa,", "\n,", "code 不能为空。", "code must not be empty."),
    ("blank", "people.csv", "officer.sifa,钟法明", "officer.sifa, ", "name 不能为空。", "name must not be empty."),
    (
        "code in Chinese",
        "departments.csv",
        "\nzhihui,",
        "\n指挥,",
        "code 应为代码（英文字母、数字、点、连字符）：指挥。",
        "code must be a code (ASCII letters, digits, dots, hyphens): 指挥.",
    ),
    (
        "control character",
        "people.csv",
        "钟法明",
        "钟\x00明",
        "name 应为不含控制字符的文字：钟\x00明。",
        "name must be text without control characters: 钟\x00明.",
    ),
    (
        "control character in a list",
        "departments.csv",
        "指挥中心,gov",
        "指\x00挥,gov",
        "aliases 应为不含控制字符的文字：指\x00挥。",
        "aliases must be text without control characters: 指\x00挥.",
    ),
    (
        "limit without unit",
        "categories.csv",
        "event,商户漏水至公共部位,Shop leaking into common parts,joint_enforcement,7d",
        "event,商户漏水至公共部位,Shop leaking into common parts,joint_enforcement,7",
        "limit 应为 30m、4h、7d 这样的时限：7。",
        "limit must be a limit such as 30m, 4h or 7d: 7.",
    ),
    (
        "limit of nothing",
        "categories.csv",
        ",Fence the place off,1h,",
        ",Fence the place off,0h,",
        "first_action_limit 应为 30m、4h、7d 这样的时限：0h。",
        "first_action_limit must be a limit such as 30m, 4h or 7d: 0h.",
    ),
    (
        "flag",
        "departments.csv",
        "government,cj,true",
        "government,cj,yes",
        "enforces 应为 true 或 false：yes。",
        "enforces must be true or false: yes.",
    ),
    (
        "kind of department",
        "departments.csv",
        ",property,",
        ",club,",
        "单位类型应为 government、enterprise、property、street、community 之一：club。",
        "The kind of department must be government, enterprise, property, street or community: club.",
    ),
    (
        "class of item",
        "categories.csv",
        "E06-10,event",
        "E06-10,thing",
        "类别应为 part（部件）或 event（事件）：thing。",
        "The class must be part or event: thing.",
    ),
    (
        "role",
        "people.csv",
        "intake_clerk reviewer",
        "intake_clerk mayor",
        "未知的角色：intake_clerk mayor。",
        "Unknown role in: intake_clerk mayor.",
    ),
    (
        "role of the system",
        "people.csv",
        "callback_clerk,",
        "system,",
        "未知的角色：system。",
        "Unknown role in: system.",
    ),
    (
        "no role",
        "people.csv",
        "officer.sifa,钟法明,officer department_head",
        "officer.sifa,钟法明,",
        "roles 不能为空。",
        "roles must not be empty.",
    ),
    (
        "role twice",
        "people.csv",
        "intake_clerk reviewer",
        "reviewer reviewer",
        "roles 中有重复：reviewer reviewer。",
        "roles repeats a value: reviewer reviewer.",
    ),
    (
        "telephone",
        "people.csv",
        "100-0000-0028",
        "call me",
        "phone 应为电话号码（数字、空格、+、-）：call me。",
        "phone must be a telephone number (digits, spaces, +, -): call me.",
    ),
    (
        "password",
        "people.csv",
        "0028,chunjiang-demo",
        "0028,1234567",
        "password 至少 8 个字符。",
        "password needs at least 8 characters.",
    ),
    (
        "two leads",
        "responsibility.csv",
        "E04-02,cj,jiaojing,chengguan",
        "E04-02,cj,jiaojing gongan,chengguan",
        "主办只能有一个：jiaojing gongan。",
        "There must be exactly one lead: jiaojing gongan.",
    ),
    (
        "no lead",
        "responsibility.csv",
        "E04-02,cj,jiaojing,chengguan",
        "E04-02,cj,,chengguan",
        "lead 不能为空。",
        "lead must not be empty.",
    ),
    (
        "support twice",
        "responsibility.csv",
        "E04-02,cj,jiaojing,chengguan",
        "E04-02,cj,jiaojing,chengguan chengguan",
        "supports 中有重复：chengguan chengguan。",
        "supports repeats a value: chengguan chengguan.",
    ),
    ("no title", "responsible.csv", "cj,,魏长河,副区长", "cj,,魏长河,", "title 不能为空。", "title must not be empty."),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message_zh", "message_en"),
    [case[1:] for case in WRONG_VALUES],
    ids=[case[0] for case in WRONG_VALUES],
)
def test_a_wrong_value_in_a_table_is_reported(
    town: TownCopy, file: str, old: str, new: str, message_zh: str, message_en: str
) -> None:
    """Alone, with the line it stands on."""
    town.replace(file, old, new)
    line = town.line_of(file, new) + new.startswith("\n")
    found = [problem for problem in town.problems() if problem.file == file]
    assert found == [Problem(file, line, message_zh, message_en)]


WRONG_KINDS = [
    ('calendar: "N"\n    emergency: true', "calendar: no\n    emergency: true", "calendar must be text without"),
    ('calendar: "W"', "calendar: weekdays", "calendar must be W (working time) or N (round the clock): weekdays."),
    ("photo_required: false", "photo_required: maybe", "photo_required must be true or false: maybe."),
    ("sign: 15m", "sign: soon", "limits.sign must be a limit such as 30m, 4h or 7d: soon."),
    ("verify: 8h, ", "", "limits.verify must not be empty."),
    ("verify: 8h, ", "verify: 8h, lunch: 1h, ", "Column limits.lunch is unknown."),
    (", dispute: 2h", "", "limits.dispute must not be empty."),
    (", extension: 2h", "", "limits.extension must not be empty."),
    ("    warn: [50, 80]\n", "", "warn must not be empty."),
    (
        "warn: [50, 80]",
        "warn: [80, 50]",
        "warn must be a list of per cents from 1 to 99, the smallest first: [80, 50].",
    ),
    ("warn: [50, 80]", "warn: [50, 100]", "warn must be a list of per cents from 1 to 99, the smallest first"),
    ("warn: [50, 80]", "warn: half", "warn must be a list of per cents from 1 to 99, the smallest first: half."),
    ("    ladder: {department_head: 0m, street: 1d, district: 5d}\n", "", "ladder must not be empty."),
    ("{department_head: 0m, street: 1d", "{street: 1d", "ladder.department_head must not be empty."),
    ("street: 30m", "street: 30s", "ladder.street must be a limit such as 30m, 4h or 7d: 30s."),
    ("sign: 15m", "sign: 0m", "limits.sign must be a limit such as 30m, 4h or 7d: 0m."),
    (
        'in_progress: {report_in: 30m, calendar: "N"}',
        "in_progress: 30m",
        "in_progress must consist of names and values: 30m.",
    ),
    ("name_en: Daily", "english: Daily", "Column english is unknown."),
    ("name_en: Daily", "english: Daily", "name_en must not be empty."),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG_KINDS)
def test_a_wrong_value_of_a_kind_is_reported_where_the_kind_begins(
    town: TownCopy, old: str, new: str, message: str
) -> None:
    """A value inside another is named with both names."""
    begins = town.text("kinds.yaml").partition(old)[0].rpartition("- code")[0].count("\n") + 1
    town.replace("kinds.yaml", old, new)
    found = [problem for problem in town.problems() if problem.message_en.startswith(message)]
    assert [(problem.file, problem.line) for problem in found] == [("kinds.yaml", begins)]


# file, how the first row begins, how the second begins that becomes the same, their key
DUPLICATES = [
    ("departments.csv", "\nchengguan,", "\nshichang,", "chengguan"),
    ("categories.csv", "\nE06-01,", "\nE01-01,", "E06-01"),
    ("responsibility.csv", "\nE06-09,cj.sanhe.honghu,", "\nE06-09,cj.sanhe.liuxi,", "E06-09 cj.sanhe.honghu"),
    ("people.csv", "\nofficer.chengguan,", "\nofficer2.chengguan,", "officer.chengguan"),
    ("responsible.csv", "\ncj.sanhe,,邱秋实,", "\ncj.sanhe,supervisor.sanhe,,", "cj.sanhe 邱秋实"),
]


@pytest.mark.parametrize(("file", "first", "second", "key"), DUPLICATES, ids=[case[0] for case in DUPLICATES])
def test_a_row_that_is_there_twice_names_the_first(
    town: TownCopy, file: str, first: str, second: str, key: str
) -> None:
    """The second is the wrong one."""
    first_line, second_line = town.line_of(file, first) + 1, town.line_of(file, second) + 1
    town.replace(file, second, first)
    expected = Problem(file, second_line, f"与第 {first_line} 行重复：{key}。", f"Same as line {first_line}: {key}.")
    assert expected in town.problems()


def test_a_kind_that_is_there_twice_names_the_first(town: TownCopy) -> None:
    """By the lines on which the two begin."""
    first, second = (town.line_of("kinds.yaml", f"- code: {code}") for code in ("daily", "hard_problem"))
    town.replace("kinds.yaml", "- code: hard_problem", "- code: daily")
    assert (
        Problem("kinds.yaml", second, f"与第 {first} 行重复：daily。", f"Same as line {first}: daily.")
        in town.problems()
    )
