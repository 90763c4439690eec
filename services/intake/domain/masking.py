"""Masking: what takes a complainant (报事人) out of a text before it leaves the community's intake."""

import re

MASK = "***"

# Digits as people write telephone, identity and card numbers: in one run, in groups of three and more, or one by one.
# Shorter groups are left alone, because 12-3-1501 is a building, a unit and a room; so is a case's own number.
_DIGIT = "[0-9０-９〇零一二三四五六七八九幺]"
_GAP = r"[\s\-‐-―－.·]"
_NUMBER = re.compile(
    rf"(?P<case>吹\d{{8}}-[0-9A-Z]+)|(?:{_DIGIT}{{3,}}(?:{_GAP}{_DIGIT}{{3,}})+|{_DIGIT}{{7,}}|{_DIGIT}(?:{_GAP}{_DIGIT}){{6,}})[Xx]?",
)
_FEWEST_DIGITS = 7

_HOME = re.compile(
    r"(?P<building>\d+)(?:号楼|[栋幢座]|[-－—])(?:(?P<unit>\d+)(?:单元|门|[-－—]))?(?P<flat>\d{2,4})[室号房户]?$"
)
_BETWEEN = r"\s*(?:号楼|单元|[栋幢座门]|[-－—])\s*"

_SURNAME = re.compile("欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|.")
_TITLES = "先生|女士|小姐|太太|阿姨|大爷|大妈|大娘|大姐|大哥|大叔|大伯|师傅|老师|奶奶|爷爷|叔叔|婆婆|同志|某某|某"


def mask_numbers(text: str) -> str:
    """The text without anything that looks like a telephone, identity or card number."""
    return _NUMBER.sub(_mask_number, text)


def mask_person(text: str, name: str, phone: str, address: str) -> str:
    """The text without this person's name (also as 张阿姨 or 老张), telephone and address, or anybody's numbers."""
    patterns = [*_address(address), *_phone(phone), *_name(name)]
    if patterns:
        text = re.sub("|".join(patterns), MASK, text, flags=re.IGNORECASE)
    return mask_numbers(text)


def masked_name(name: str) -> str:
    """A name with its first character only: 张**."""
    return name[:1] + "**" if name else ""


def masked_phone(phone: str) -> str:
    """A telephone number with its first three digits only."""
    return phone[:3] + "********" if phone else ""


def _mask_number(match: re.Match[str]) -> str:
    enough = len(re.findall(_DIGIT, match[0])) >= _FEWEST_DIGITS
    return MASK if enough and not match["case"] else match[0]


def _address(address: str) -> list[str]:
    written = "".join(address.split())
    whole = [r"\s*".join(map(re.escape, written))] if len(written) > 1 else []
    home = _HOME.search(written)
    return [*whole, *(_home(**home.groupdict()) if home else ())]


def _home(building: str, unit: str | None, flat: str) -> list[str]:
    """Building and flat, perhaps with the unit, in whatever words: 3栋2单元501 is also 3号楼501室 and 3-2-501."""
    between = rf"(?:{unit}{_BETWEEN})?" if unit else ""
    return [rf"(?<!\d){building}{_BETWEEN}{between}{flat}(?!\d)[室号房户]?"]


def _phone(phone: str) -> list[str]:
    digits = re.findall(r"\d", phone)
    return [r"\D{0,2}".join(digits)] if len(digits) > 4 else []


def _name(name: str) -> list[str]:
    name = name.strip()
    if not name:
        return []
    if name.isascii():
        return [rf"\b{re.escape(name)}\b"] if len(name) > 1 else []
    surname = re.escape(_SURNAME.findall(name)[0])
    whole = [re.escape(name)] if len(name) > 1 else []
    return [*whole, rf"{surname}(?:{_TITLES})", rf"[老小]{surname}"]
