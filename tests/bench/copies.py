"""A case's rows, said again for each copy of it: with ids, number, times, place, departments and words of its own.

Rows are the text of COPY, whatever their columns: what is a case's own is known by its form. Ids also lie in `bytea`,
which COPY writes in hexadecimal.
"""

import re
from binascii import hexlify, unhexlify
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

BYTEA = re.compile(rb"\\\\x((?:[0-9a-f]{2})*)")
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
DEPARTMENTS = {b"zhujian": "区住建局".encode(), b"chengguan": "区城管局".encode(), b"shichang": "区市场监管局".encode()}
# Signs in a template's address and summary that stand for two digits and two characters of each copy's own.
MARKS = ("垚", "燚", "犇", "骉")
NUMBER = re.compile("吹".encode() + rb"\d{8}-(\w{6})")
TOKEN = re.compile(
    b"|".join(
        (
            b"(?P<uuid>" + UUID.pattern + b")",
            b"(?P<digest>" + DIGEST.pattern + b")",
            rb"(?P<minute>\d{4}-\d\d-\d\d[ T]\d\d:\d\d)",
            b"(?P<number>" + "吹".encode() + rb"\d{8}-(?:[0-9A-Z]{6}|[0-9a-z]{6}))",
            rb"(?P<pair>(?<=[\[ ])\"[-0-9a-z][0-9a-z]\"(?=[,\]]))",
            rb"(?P<area>\bcj\.sanhe(?:\.\w+)+)",
            rb"(?P<officer>\bofficer\.(?:" + b"|".join(DEPARTMENTS) + rb")\b)",
            rb"(?P<department>\b(?:" + b"|".join(DEPARTMENTS) + rb")\b)",
            b"(?P<name>" + b"|".join(DEPARTMENTS.values()) + b")",
            rb"(?P<category>\bE06-01\b)",
            rb"(?P<kind>\bjoint_enforcement\b)",
            rb"(?P<channel>\bwalk_in\b)",
            b"(?P<mark>" + b"|".join(mark.encode() for mark in MARKS) + b")",
        )
    )
)
AHEAD = timedelta(days=30)
PRIME = 2_654_435_761  # odd: multiplying by it modulo a power of two maps no two numbers to the same
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TRIPLES = [(a + b + c).encode() for a in ALPHABET for b in ALPHABET for c in ALPHABET]
V7_UNIT = 65.536  # seconds: what the first eight digits of a UUIDv7 count
CHARACTERS = [chr(0x4E00 + 53 * number).encode() for number in range(40)]

Say = Callable[["Copy"], bytes]


def plain(rows: bytes) -> bytes:
    """Rows with what `bytea` says, to look for ids in."""
    return BYTEA.sub(lambda found: unhexlify(found[1]), rows)


def ids_in(text: bytes) -> set[bytes]:
    """Every UUID and every digest."""
    return {*UUID.findall(text), *DIGEST.findall(text)}


@dataclass(frozen=True, slots=True)
class Variety:
    """What copies are spread over: the cells of an area's levels, departments as code, officer and name, and more."""

    cells: Sequence[bytes]
    departments: Sequence[tuple[bytes, bytes, bytes]]
    categories: Sequence[bytes]
    kinds: Sequence[bytes]
    channels: Sequence[bytes]


class Copy:
    """What one copy has of its own. `number` is unlike all others', `back` how long before its template it was."""

    __slots__ = ("back", "category", "cell", "channel", "departments", "kind", "marks", "mask", "number", "units")

    def __init__(self, number: int, minutes: int, variety: Variety) -> None:
        self.number = number
        self.back = timedelta(minutes=minutes)
        self.units = round(minutes * 60 / V7_UNIT)
        self.mask = drawn = number * PRIME & 0xFFFF_FFFF
        drawn >>= 3
        self.cell = variety.cells[drawn % len(variety.cells)]
        first, many = drawn // 7 % len(variety.departments), len(variety.departments)
        self.departments = tuple(variety.departments[(first + nth) % many] for nth in range(3))
        self.category = variety.categories[drawn // 11 % len(variety.categories)]
        self.kind = variety.kinds[drawn // 13 % len(variety.kinds)]
        self.channel = variety.channels[drawn // 17 % len(variety.channels)]
        tens, units, one, other = drawn // 19 % 9 + 1, drawn // 23 % 10, drawn // 29 % 40, drawn // 31 % 40
        self.marks = (b"%d" % tens, b"%d" % units, CHARACTERS[one], CHARACTERS[other])

    @property
    def code(self) -> bytes:
        """The end of its case number."""
        high, low = divmod(self.number * PRIME & 0x3FFF_FFFF, len(TRIPLES))
        return TRIPLES[high] + TRIPLES[low]


class Sheet:
    """The rows that one case has in one table, to be said for its copies.

    Of ids (`own`) the first eight digits are drawn anew; of a UUIDv7 those tell its time, and the last eight are drawn.
    What lies after `ahead_of` is no copy's past: it stays ahead of every copy, far enough for no timer to be due.
    """

    def __init__(self, rows: bytes, own: Collection[bytes], ahead_of: datetime | None) -> None:
        self._own = own
        self._ahead_of = ahead_of
        number = NUMBER.search(rows)
        self._code = b"-" + number[1].lower() if number else b""
        self._drawn: dict[bytes, int] = {}  # eight digits, and their place among them
        self._says: dict[tuple[bytes, ...], tuple[int, Say]] = {}
        parts: list[bytes] = []
        used: list[tuple[bool, bool, int]] = []  # in hexadecimal, drawn, place
        for text, in_hex in _regions(rows):
            written, at = hexlify if in_hex else bytes, 0
            for start, end, drawn, place in self._slots(text):
                parts += written(text[at:start]).replace(b"%", b"%%"), b"%b"
                used.append((in_hex, drawn, place))
                at = end
            parts.append(written(text[at:]).replace(b"%", b"%%"))
        self._format = b"".join(parts)
        count = len(self._drawn)
        self._digits = int.from_bytes(unhexlify(b"".join(self._drawn)), "big")
        self._each = sum(1 << 32 * place for place in range(count))
        self._width = count * 4
        self._all = [say for _, say in self._says.values()]
        self._in_hex = any(in_hex for in_hex, _, _ in used)
        before = 2 * count if self._in_hex else count
        in_order = [
            (place + (count if in_hex else 0)) if drawn else before + place + (len(self._all) if in_hex else 0)
            for in_hex, drawn, place in used
        ]
        self._order = itemgetter(*in_order)

    def say(self, copy: Copy) -> bytes:
        """The rows of this copy."""
        digits = hexlify((self._digits ^ self._each * copy.mask).to_bytes(self._width, "big"))
        values = [digits[at : at + 8] for at in range(0, len(digits), 8)]
        said = [say(copy) for say in self._all]
        if self._in_hex:
            written = hexlify(digits)
            values += [written[at : at + 16] for at in range(0, len(written), 16)]
            said += map(hexlify, said[:])
        rows: bytes = self._format % self._order(values + said)
        return rows

    def _slots(self, text: bytes) -> Iterator[tuple[int, int, bool, int]]:
        """Where something of the case's own lies, and which: drawn digits or something said, by place."""
        for found in TOKEN.finditer(text):
            start, end = found.span()
            if found.lastgroup == "pair" and found[0][1:3] not in self._code:
                continue
            if found.lastgroup in ("uuid", "digest"):
                if found[0] not in self._own:
                    continue
                first, last = found[0][:8], found[0][-8:]
                if found.lastgroup == "digest" or found[0][14:15] != b"7":
                    yield start, start + 8, True, self._drawn.setdefault(first, len(self._drawn))
                else:
                    yield start, start + 8, False, self._said(b"age", first)
                    yield end - 8, end, True, self._drawn.setdefault(last, len(self._drawn))
            elif found.lastgroup:
                yield start, end, False, self._said(found.lastgroup.encode(), found[0])

    def _said(self, what: bytes, original: bytes) -> int:
        key = (what, original)
        if key not in self._says:
            self._says[key] = (len(self._says), self._say(what.decode(), original))
        return self._says[key][0]

    def _say(self, what: str, original: bytes) -> Say:
        match what:
            case "minute":
                return self._minute(original.decode())
            case "pair":
                place = self._code.index(original[1:3])
                return lambda copy: b'"%b"' % (b"-" + copy.code.lower())[place : place + 2]
        return SAYS[what](original)

    def _minute(self, original: str) -> Say:
        at, between = datetime.fromisoformat(original), original[10]
        if self._ahead_of is not None and at > self._ahead_of:
            later = (at + AHEAD).isoformat(between, "minutes").encode()
            return lambda _copy: later
        return lambda copy: (at - copy.back).isoformat(between, "minutes").encode()


def _age(original: bytes) -> Say:
    first = int(original, 16)
    return lambda copy: b"%08x" % (first - copy.units)


def _number(original: bytes) -> Say:
    """As people read it, or as it is sought."""
    day, sought = date.fromisoformat(original[3:11].decode()), original.islower()

    def say(copy: Copy) -> bytes:
        told = (day - copy.back).isoformat().replace("-", "").encode()
        return b"%b%b-%b" % (original[:3], told, copy.code.lower() if sought else copy.code)

    return say


def _area(original: bytes) -> Say:
    depth = original.count(b".") + 1
    return lambda copy: b".".join(copy.cell.split(b".")[:depth])


def _mark(original: bytes) -> Say:
    place = MARKS.index(original.decode())
    return lambda copy: copy.marks[place]


def _department(column: int) -> Callable[[bytes], Say]:
    """Its code, its officer or its name."""

    def of(original: bytes) -> Say:
        known = list(DEPARTMENTS.values() if original in DEPARTMENTS.values() else DEPARTMENTS)
        place = known.index(original.removeprefix(b"officer."))
        return lambda copy: copy.departments[place][column]

    return of


SAYS: dict[str, Callable[[bytes], Say]] = {
    "age": _age,
    "number": _number,
    "area": _area,
    "mark": _mark,
    "department": _department(0),
    "officer": _department(1),
    "name": _department(2),
    "category": lambda _: lambda copy: copy.category,
    "kind": lambda _: lambda copy: copy.kind,
    "channel": lambda _: lambda copy: copy.channel,
}


def _regions(rows: bytes) -> Iterator[tuple[bytes, bool]]:
    """The text in its order, cut where `bytea` begins and ends; and whether it is one, decoded."""
    at = 0
    for found in BYTEA.finditer(rows):
        yield rows[at : found.start(1)], False
        yield unhexlify(found[1]), True
        at = found.end(1)
    yield rows[at:], False
