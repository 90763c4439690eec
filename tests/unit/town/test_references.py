"""Rows of different files must fit each other."""

import pytest

from services.directory.town import Problem
from tests.unit.town.town_copy import TownCopy

# name of the case, file, what to replace, by what (its line is the wrong row's), in Chinese, in English
WRONG_REFERENCES = [
    (
        "lead",
        "responsibility.csv",
        "E04-02,cj,jiaojing",
        "E04-02,cj,traffic",
        "lead 中的单位不存在：traffic。",
        "lead names an unknown department: traffic.",
    ),
    (
        "support",
        "responsibility.csv",
        "E04-02,cj,jiaojing,chengguan",
        "E04-02,cj,jiaojing,chengguan city",
        "supports 中的单位不存在：city。",
        "supports names an unknown department: city.",
    ),
    (
        "category",
        "responsibility.csv",
        "E04-02,cj,jiaojing",
        "E99-02,cj,jiaojing",
        "事项不存在：E99-02。",
        "Unknown category: E99-02.",
    ),
    (
        "area of a responsibility",
        "responsibility.csv",
        "E04-02,cj,jiaojing",
        "E04-02,cj.nowhere,jiaojing",
        "区域不存在：cj.nowhere。",
        "Unknown area: cj.nowhere.",
    ),
    (
        "lead as support",
        "responsibility.csv",
        "E04-02,cj,jiaojing,chengguan",
        "E04-02,cj,jiaojing,jiaojing",
        "主办 jiaojing 不能同时是协办。",
        "The lead jiaojing cannot be a support as well.",
    ),
    (
        "community as lead",
        "responsibility.csv",
        "E04-02,cj,jiaojing",
        "E04-02,cj,shequ-honghu",
        "E04-02 不在社区清单上，社区 shequ-honghu 不能主办。",
        "E04-02 is not on the community's list, so the community shequ-honghu cannot lead it.",
    ),
    (
        "kind",
        "categories.csv",
        "违停,Illegal parking,daily",
        "违停,Illegal parking,weekly",
        "吹哨类别不存在：weekly。",
        "Unknown kind of whistle: weekly.",
    ),
    (
        "first action",
        "categories.csv",
        "设置围挡,Fence the place off,1h",
        "设置围挡,,1h",
        "有 first_action_limit 时必须写 first_action 和 first_action_en。",
        "A first_action_limit needs first_action and first_action_en.",
    ),
    (
        "area of a department",
        "departments.csv",
        "property,cj.sanhe",
        "property,cj.nowhere",
        "区域不存在：cj.nowhere。",
        "Unknown area: cj.nowhere.",
    ),
    (
        "alias",
        "departments.csv",
        "Brigade,交警",
        "Brigade,公安",
        "名称“公安”已属于 gongan。",
        "The name “公安” already belongs to gongan.",
    ),
    (
        "department of a person",
        "people.csv",
        "officer.sifa,钟法明,officer department_head,sifa",
        "officer.sifa,钟法明,officer department_head,court",
        "department 中的单位不存在：court。",
        "department names an unknown department: court.",
    ),
    (
        "area of a person",
        "people.csv",
        "officer.sifa,钟法明,officer department_head,sifa,cj",
        "officer.sifa,钟法明,officer department_head,sifa,cx",
        "区域不存在：cx。",
        "Unknown area: cx.",
    ),
    (
        "officer without department",
        "people.csv",
        "officer.sifa,钟法明,officer department_head,sifa",
        "officer.sifa,钟法明,officer,",
        "角色 officer 必须有单位。",
        "The role officer needs a department.",
    ),
    (
        "head without department",
        "people.csv",
        "officer.sifa,钟法明,officer department_head,sifa",
        "officer.sifa,钟法明,department_head,",
        "角色 department_head 必须有单位。",
        "The role department_head needs a department.",
    ),
    (
        "reviewer without area",
        "people.csv",
        "reviewer,jiedao,cj.sanhe,,100-0000-0004",
        "reviewer,jiedao,,,100-0000-0004",
        "角色 reviewer 必须有区域。",
        "The role reviewer needs an area.",
    ),
    (
        "certificate of a clerk",
        "people.csv",
        "cj.sanhe,,100-0000-0004",
        "cj.sanhe,CJ-ZF-0099,100-0000-0004",
        "只有部门人员（officer）可以有执法证号。",
        "Only an officer holds a certificate number.",
    ),
    (
        "certificate twice",
        "people.csv",
        "shengtai,cj,CJ-ZF-0012",
        "shengtai,cj,CJ-ZF-0011",
        "执法证号 CJ-ZF-0011 已属于 officer.shuiwu。",
        "The certificate CJ-ZF-0011 already belongs to officer.shuiwu.",
    ),
    (
        "person responsible",
        "responsible.csv",
        "secretary.liuxi",
        "secretary.nobody",
        "人员不存在：secretary.nobody。",
        "Unknown person: secretary.nobody.",
    ),
    (
        "area of a responsible person",
        "responsible.csv",
        "cj.sanhe,supervisor.sanhe",
        "cj.nowhere,supervisor.sanhe",
        "区域不存在：cj.nowhere。",
        "Unknown area: cj.nowhere.",
    ),
    (
        "neither person nor name",
        "responsible.csv",
        "cj.sanhe.liuxi,secretary.liuxi,,",
        "cj.sanhe.liuxi,,,",
        "person 和 name 必须且只能写一个。",
        "Give either person or name, not both and not neither.",
    ),
    (
        "person and name",
        "responsible.csv",
        "secretary.liuxi,,",
        "secretary.liuxi,某人,",
        "person 和 name 必须且只能写一个。",
        "Give either person or name, not both and not neither.",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message_zh", "message_en"),
    [case[1:] for case in WRONG_REFERENCES],
    ids=[case[0] for case in WRONG_REFERENCES],
)
def test_a_row_that_does_not_fit_the_others_is_reported(
    town: TownCopy, file: str, old: str, new: str, message_zh: str, message_en: str
) -> None:
    """Alone, with the line it stands on."""
    town.replace(file, old, new)
    assert town.problems() == [Problem(file, town.line_of(file, new), message_zh, message_en)]


def test_a_community_may_lead_what_is_on_its_list(town: TownCopy) -> None:
    """邻里纠纷 is on it."""
    town.replace(
        "responsibility.csv", "cj.sanhe.honghu,sifa,gongan shequ-honghu", "cj.sanhe.honghu,shequ-honghu,gongan"
    )
    assert town.problems() == []


def test_an_officer_of_an_enforcing_department_needs_a_certificate(town: TownCopy) -> None:
    """And the department then has too few (行政处罚法 42)."""
    town.replace("people.csv", "zhujian,cj,CJ-ZF-0002", "zhujian,cj,")
    assert town.problems() == [
        Problem(
            "departments.csv",
            town.line_of("departments.csv", "zhujian,"),
            "执法单位至少要有两名持证人员，现有 1 名（行政处罚法第四十二条）。",
            "A department that enforces needs two officers with certificates and has 1 "
            "(Administrative Penalty Law, article 42).",
        ),
        Problem(
            "people.csv",
            town.line_of("people.csv", "officer2.zhujian"),
            "zhujian 是执法单位，其部门人员必须有执法证号。",
            "zhujian enforces, so its officer needs a certificate number.",
        ),
    ]


def test_a_wrong_row_does_not_make_a_department_short_of_officers(town: TownCopy) -> None:
    """Only the row itself is reported."""
    town.replace("people.csv", "officer2.zhujian,白晓筠", "officer2.zhujian,")
    assert [(problem.file, problem.message_en) for problem in town.problems()] == [
        ("people.csv", "name must not be empty.")
    ]


def test_a_wrong_row_does_not_make_others_wrong_that_refer_to_it(town: TownCopy) -> None:
    """A department with a wrong flag is still a department."""
    town.replace("departments.csv", "government,cj,true", "government,cj,perhaps")
    assert [problem.file for problem in town.problems()] == ["departments.csv"]
