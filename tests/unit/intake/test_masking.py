"""What takes a complainant out of a text."""

import pytest

from services.intake.domain.complaint import Complaint, mask
from services.intake.domain.masking import mask_numbers, mask_person, masked_name, masked_phone
from tests.unit.intake.samples import CASE_ID, complaint


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "100-0000-0001",
        "010-65521234",
        "1 3 8 0 0 1 3 8 0 0 0",
        "１３８００１３８０００",
        "幺三八零零幺三八零零零",
        "11010519491231002X",
        "6222 0200 1234 5678",
    ],
)
def test_what_looks_like_somebodys_number_is_masked(written: str) -> None:
    """Telephone, identity and card numbers, however they are written."""
    assert mask_numbers(f"请打{written}找我") == "请打***找我"


@pytest.mark.parametrize(
    "written",
    ["12-3-1501室", "2026-03-02 18:30", "罚款2000元", "3栋2单元", "吹20260302-7K3M9Q", "吹20260302-123456"],
)
def test_rooms_dates_amounts_and_case_numbers_stay(written: str) -> None:
    """An officer needs them."""
    assert mask_numbers(f"见{written}。") == f"见{written}。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是张建国", "我是***"),
        ("张阿姨说，老张、小张都知道", "***说，***、***都知道"),
        ("我住西湖春天 2栋301", "我住***"),
        ("电话138-0013-8000", "电话***"),
        ("张贴广告", "张贴广告"),
    ],
)
def test_the_reporter_is_masked_by_name_title_address_and_telephone(text: str, expected: str) -> None:
    """The reporter's own data, in whatever form people write it; words that only look alike stay."""
    assert mask_person(text, "张建国", "138 0013 8000", "西湖春天2栋301") == expected


@pytest.mark.parametrize(
    "written", ["3栋2单元501", "3号楼2单元 501室", "3幢501", "3-2-501", "西湖春天3栋2单元501", "西湖春天 3号楼2单元501"]
)
def test_the_reporters_home_is_masked_however_it_is_written(written: str) -> None:
    """Without the estate, without the unit, with other words for a building."""
    masked = mask_person(f"我住{written}，漏水", "", "", "西湖春天3栋2单元501")
    assert masked in ("我住***，漏水", "我住西湖春天***，漏水", "我住西湖春天 ***，漏水")


@pytest.mark.parametrize("written", ["3栋2单元", "13栋2单元501", "3栋2单元5011", "2栋501", "3层501"])
def test_another_home_and_the_reporters_building_stay(written: str) -> None:
    """The departments must find the place."""
    assert mask_person(f"见{written}。", "", "", "西湖春天3栋2单元501") == f"见{written}。"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("欧阳海", "欧阳女士和欧阳海", "***和***"),
        ("John", "JOHN and Johnson", "*** and Johnson"),
        ("J", "J and I", "J and I"),
        ("李", "李先生吃李子", "***吃李子"),
        (" ", "没有名字", "没有名字"),
    ],
)
def test_names_of_every_kind_are_recognised(name: str, text: str, expected: str) -> None:
    """Double surnames, Latin names, a surname alone, and none."""
    assert mask_person(text, name, "", "") == expected


def test_a_short_extension_is_no_telephone_number_to_look_for() -> None:
    """A number of four digits would be found in every other text."""
    assert mask_person("2000元", "", "2000", "") == "2000元"


def test_the_street_sees_only_the_beginning_of_name_and_telephone() -> None:
    """Enough to tell two reporters apart, not enough to find one."""
    assert (masked_name("张建国"), masked_phone("13800138000")) == ("张**", "138********")
    shown = complaint().masked_reporter
    assert (shown.name, shown.phone, shown.address) == ("张**", "138********", "***")


def test_of_an_anonymous_reporter_there_is_nothing_to_mask() -> None:
    """Empty stays empty."""
    shown = Complaint(CASE_ID, "", "", "", "漏水").masked_reporter
    assert (shown.name, shown.phone, shown.address) == ("", "", "")


def test_where_the_hotline_keeps_who_called_numbers_are_masked_all_the_same() -> None:
    """There is no complaint to know the caller by."""
    assert mask("回电13800138000", None) == "回电***"
    assert mask("张建国要求回电", complaint()) == "***要求回电"
