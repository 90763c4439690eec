"""The example town is whole: everything of the story and of the responsibility table is there."""

from collections import Counter

import pytest

from services.directory.town import Town, read_town
from tests.unit.town.town_copy import EXAMPLE

UNITS = """
    住建 住建(市政)
    城管 城管(照明) 城管(环卫)
    交警 公安 消防 应急 市场监管 自然资源 水务 生态环境 司法 人社 民政 卫健 园林 发改
    供电 供水企业 燃气企业 供热企业 物业 权属单位 街道 弘湖社区
"""


@pytest.fixture(scope="module")
def example() -> Town:
    """The example town, read clean."""
    return read_town(EXAMPLE)


def test_it_has_one_district_one_street_three_communities_ten_grids_and_forty_cells(example: Town) -> None:
    """The tree has the promised size."""
    levels = Counter(area.level for area in example.areas)
    assert levels == {"district": 1, "street": 1, "community": 3, "grid": 10, "cell": 40}


def test_it_has_thirty_matters_five_kinds_and_forty_people(example: Town) -> None:
    """The tables have the promised size."""
    assert (len(example.categories), len(example.kinds), len(example.people)) == (30, 5, 40)


@pytest.mark.parametrize("unit", UNITS.split())
def test_every_unit_of_the_responsibility_table_is_one_department(example: Town, unit: str) -> None:
    """Each unit is the name or an alias of exactly one department."""
    assert len([one for one in example.departments if unit in (one.name, *one.aliases)]) == 1


def test_units_with_several_names_are_one_department(example: Town) -> None:
    """住建(市政) is 住建; 城管(照明) and 城管(环卫) are 城管."""
    owner = {alias: department.code for department in example.departments for alias in department.aliases}
    assert owner["住建"] == owner["住建(市政)"]
    assert owner["城管"] == owner["城管(照明)"] == owner["城管(环卫)"]


def test_every_role_is_filled(example: Town) -> None:
    """Somebody has each role that an account can have."""
    assert {role for person in example.people for role in person.roles} == {
        "intake_clerk",
        "reviewer",
        "dispatcher",
        "officer",
        "department_head",
        "supervisor",
        "district_supervisor",
        "callback_clerk",
        "administrator",
    }


def test_the_leaking_shop_summons_three_departments_that_can_each_send_two_certified_officers(example: Town) -> None:
    """住建 leads, 城管 and 市场监管 support, and each could open an enforcement record."""
    leak = next(one for one in example.categories if one.name == "商户漏水至公共部位")
    row = next(one for one in example.responsibility if one.category == leak.code)
    assert (row.lead, row.supports, leak.kind, leak.limit) == (
        "zhujian",
        ("chengguan", "shichang"),
        "joint_enforcement",
        "7d",
    )
    certified = Counter(person.department for person in example.people if person.certificate)
    assert all(certified[department] >= 2 for department in (row.lead, *row.supports))


def test_everybody_who_can_be_summoned_has_somebody_to_sign(example: Town) -> None:
    """Every lead and support has an officer."""
    summoned = {code for row in example.responsibility for code in (row.lead, *row.supports)}
    assert summoned <= {person.department for person in example.people if "officer" in person.roles}


def test_every_department_with_officers_has_one_head(example: Town) -> None:
    """The second of two officers, or the only one."""
    heads = Counter(person.department for person in example.people if "department_head" in person.roles)
    assert heads == dict.fromkeys({person.department for person in example.people if "officer" in person.roles}, 1)
    assert "officer2.zhujian" in {person.id for person in example.people if "department_head" in person.roles}


def test_the_demonstration_cell_counts_in_seconds(example: Town) -> None:
    """For daily matters in one cell of 柳溪社区, round the clock; nowhere else."""
    assert {(one.kind, one.area, one.calendar) for one in example.policies} == {
        ("daily", "cj.sanhe.liuxi.g07.c28", "N")
    }
    assert {one.clock: one.limit for one in example.policies} == {
        "sign": "3s",
        "department_head": "1s",
        "street": "2s",
        "district": "3s",
    }


def test_property_services_work_longer_than_everybody_else(example: Town) -> None:
    """Two rows: everybody's, and theirs."""
    assert {one.unit: one.periods for one in example.hours} == {
        "*": (("09:00", "12:00"), ("13:30", "17:30")),
        "wuye": (("08:00", "12:00"), ("12:30", "20:00")),
    }


def test_every_matter_has_a_lead_everywhere(example: Town) -> None:
    """For each category there is a row for the whole district."""
    assert {row.category for row in example.responsibility if row.area == "cj"} == {
        one.code for one in example.categories
    }


def test_neighbours_disputes_summon_the_community_they_happen_in(example: Town) -> None:
    """A more specific row names the area's own community."""
    dispute = next(one for one in example.categories if one.name == "邻里纠纷")
    rows = {row.area: row.supports for row in example.responsibility if row.category == dispute.code}
    assert rows["cj.sanhe.honghu"] == ("gongan", "shequ-honghu")


@pytest.mark.parametrize("address", ["西湖春天3栋2单元", "西湖春天商铺楼"])
def test_the_storys_estate_lies_in_honghu(example: Town, address: str) -> None:
    """Its addresses belong to cells of one grid of 弘湖社区."""
    owner = next(area for area in example.areas if address in area.addresses)
    assert owner.parent == "cj.sanhe.honghu.g03"


def test_limits_follow_the_published_table(example: Town) -> None:
    """Spot checks against the table of clocks: one row for each calendar, and the two-limit matter."""
    kinds = {kind.name: kind for kind in example.kinds}
    emergency, joint = kinds["应急"], kinds["综合执法"]
    assert (emergency.calendar, emergency.emergency, emergency.photo_required) == ("N", True, False)
    assert (emergency.limits.sign, emergency.limits.report_in, emergency.limits.close) == ("15m", "30m", "24h")
    assert (joint.calendar, joint.limits.report_in, joint.limits.close) == ("W", "2h", "7d")
    assert joint.in_progress is not None
    assert (joint.in_progress.report_in, joint.in_progress.calendar) == ("30m", "N")
    assert (joint.limits.dispute, emergency.limits.extension) == ("1d", "2h")
    assert (joint.warn, joint.ladder.department_head, joint.ladder.street) == ((50, 80), "0m", "1d")
    assert (emergency.ladder.department_head, emergency.ladder.district) == ("15m", "60m")
    illegal = next(one for one in example.categories if one.name == "私搭乱建")
    assert (illegal.first_action_limit, illegal.limit) == ("4h", "20d")


def test_telephone_numbers_are_obviously_invented(example: Town) -> None:
    """No number could belong to anybody."""
    assert all(person.phone.startswith("100-0000-") for person in example.people)
