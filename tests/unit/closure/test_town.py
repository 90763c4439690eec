"""What closure reads from the directory's snapshots."""

from services.closure.domain.rules import RULES
from services.closure.domain.town import closing_condition, public_area
from tests.unit.closure.desk import CONDITION, REFERENCES


def test_a_category_says_when_its_case_may_be_closed() -> None:
    """A category that is gone says nothing."""
    assert closing_condition(REFERENCES["categories"], "E06-01") == CONDITION
    assert closing_condition(REFERENCES["categories"], "X") == ""


def test_a_public_notice_comes_no_closer_than_the_community() -> None:
    """A street stays a street, and an area that nobody knows has no name."""
    areas = REFERENCES["areas"]
    assert public_area(areas, "cj.sanhe.honghu.g01.c01") == ("cj.sanhe.honghu", "弘湖社区")
    assert public_area(areas, "cj.sanhe.honghu") == ("cj.sanhe.honghu", "弘湖社区")
    assert public_area(areas, "cj.sanhe") == ("cj.sanhe", "三和镇")
    assert public_area(areas, "elsewhere") == ("elsewhere", "")


def test_the_local_rules_are_read_from_their_file() -> None:
    """Three contacts, fifteen days, seven days, unless the locality says otherwise."""
    assert (RULES.failed_contacts, RULES.appeal_days, RULES.photo_hours) == (3, 15, 24)
