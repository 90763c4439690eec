"""Takes people out of free text (脱敏; 个人信息保护法 6, 51): names, numbers, homes. For whatever others may read."""

import re
from pathlib import Path

import msgspec

WORDS = msgspec.yaml.decode(Path(__file__).with_name("masking.yaml").read_bytes(), type=dict[str, tuple[str, ...]])
SURNAME, TITLE, INTRODUCTION = ("|".join(WORDS[name]) for name in ("surnames", "titles", "introductions"))
COUNT = "[0-9A-Za-z〇一二三四五六七八九十]{1,4}"

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "***"),  # e-mail
    (re.compile(r"(?<!\d)\d{3}[- ]\d{4}[- ]\d{4}(?!\d)"), "***"),  # mobile number, in groups
    (re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?)?\d{7,17}[\dXx]?(?!\d)"), "***"),  # any telephone, identity or bank number
    (re.compile(rf"(?:{SURNAME})[一-龥]{{0,2}}?(?={TITLE})"), "某"),
    (re.compile(rf"(?<=[^一-龥])[一-龥](?={TITLE})|^[一-龥](?={TITLE})"), "某"),  # a rarer family name
    (re.compile(rf"({INTRODUCTION})([：:\s]*)(?:{SURNAME})[一-龥]{{1,2}}(?![一-龥])"), r"\1\2某某"),
    (re.compile(rf"(?:{COUNT}(?:号楼|栋|幢|座|单元|层|楼)[-\s]*)*{COUNT}(?:单元{COUNT}[号室]?|室)"), "某户"),
    (re.compile(rf"{COUNT}(?:号楼|栋|幢|座)[-\s]*\d{{3,4}}(?![\d年月日元米户人次])"), "某户"),  # building and flat
    (re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}-\d{2,4}(?![\d-])"), "某户"),  # building-entrance-flat
)


def masked(text: str) -> str:
    """The text without names that are introduced or addressed, telephone and identity numbers, and flats."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text
