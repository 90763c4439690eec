"""Free text loses names, numbers and homes before others read it."""

import pytest

from services.closure.domain.masking import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请联系王女士", "请联系某女士"),
        ("欧阳先生说还在漏", "某先生说还在漏"),
        ("李小明师傅来过", "某师傅来过"),
        ("仝女士不同意", "某女士不同意"),
        ("我叫张三，还在漏", "我叫某某，还在漏"),
        ("报事人：李小明", "报事人：某某"),
        ("电话13812345678", "电话***"),
        ("手机 138-1234-5678", "手机 ***"),
        ("固话0571-88886666", "固话***"),
        ("身份证33010219900101123X", "身份证***"),
        ("邮箱 a.b@example.com", "邮箱 ***"),
        ("住3号楼2单元501室", "住某户"),
        ("住2单元501", "住某户"),
        ("住3栋501，还在漏", "住某户，还在漏"),
        ("12号楼 1501漏水", "某户漏水"),
        ("3-2-501 漏水", "某户 漏水"),
    ],
)
def test_what_names_somebody_is_taken_out(text: str, expected: str) -> None:
    """Each in its own way."""
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "二楼卫生间渗漏到一楼大厅，已更换管道12米",
        "2026-03-02 复查无渗漏，539户居民满意",
        "已责令王记饭店限期整改",
        "案件编号 SH-0001 已办结",
        "3号楼门厅已清理",
        "3栋2026年已加装电梯，12号楼150户满意",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    """A notice must still say what was done."""
    assert masked(text) == text
