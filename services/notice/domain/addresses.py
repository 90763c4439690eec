"""What an address of a channel may be: one that leads out of here, to a receiver of its kind.

People choose where this service sends to, so an address must not lead back into it (server-side request forgery):
names of this machine and addresses that only it or its link can reach are refused. A name is looked up when it is sent
to, and what is found is judged again there.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from services.notice.domain.preference import Kind

# As a robot's group shows it, and as Apprise writes it: what is in the parentheses goes into `ROBOT_URLS`.
ROBOTS = {
    Kind.DINGTALK: (
        re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9A-Za-z]+)"),
        re.compile(r"dingtalk://((?:[0-9A-Za-z]+@)?[0-9A-Za-z]+)/?"),
    ),
    Kind.WECOM: (
        re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([0-9A-Za-z_-]+)"),
        re.compile(r"wecombot://([0-9A-Za-z_-]+)/?"),
    ),
    Kind.FEISHU: (
        re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([0-9A-Za-z_-]+)"),
        re.compile(r"feishu://([0-9A-Za-z_-]+)/?"),
    ),
}
ROBOT_URLS = {Kind.DINGTALK: "dingtalk://{}/", Kind.WECOM: "wecombot://{}/", Kind.FEISHU: "feishu://{}/"}
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Of Apprise: what speaks to this machine itself, and mail, which goes by the town's own server (kind `email`).
NOT_BY_APPRISE = {
    *("dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "syslog", "rsyslog", "smpp", "smpps"),
    *("file", "mailto", "mailtos", "http", "https"),
}
HERE = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")

NOT_AN_ADDRESS = "Not an address of this kind of channel."
LEADS_BACK = "Leads back to this system."
NO_MAIL_SERVER = "This system has no mail server."


def flaw(kind: Kind, address: str, *, private: bool, mail: bool) -> str:
    """What is wrong with an address; nothing if it may be used.

    `private` allows what leads back to this machine; `mail` says whether there is a server to send mail by.
    """
    if kind is Kind.EMAIL:
        return NO_MAIL_SERVER if not mail else "" if EMAIL.fullmatch(address) else NOT_AN_ADDRESS
    if kind in ROBOTS:
        return "" if robot(kind, address) else NOT_AN_ADDRESS
    parts = _split(address)
    if parts is None or not (parts.scheme in ("http", "https") if kind is Kind.WEBHOOK else _by_apprise(parts)):
        return NOT_AN_ADDRESS
    return LEADS_BACK if not private and leads_back(parts.hostname or "") else ""


def robot(kind: Kind, address: str) -> str:
    """A robot's address as Apprise writes it; nothing if it is none."""
    found = next((match for pattern in ROBOTS[kind] if (match := pattern.fullmatch(address))), None)
    return ROBOT_URLS[kind].format(found[1]) if found else ""


def destination(kind: Kind, address: str) -> str:
    """The receiver that an address leads to, so far as one that is dead or slow must not hold up others."""
    if kind not in (Kind.WEBHOOK, Kind.APPRISE):
        return kind.value
    parts = _split(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower() if parts else kind.value


def leads_back(host: str) -> bool:
    """Whether a host's name or numeric address is this machine's own or its link's; an unknown name is not."""
    name = host.rstrip(".").lower()
    if name in HERE or name.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return is_inside(found)


def is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether only this machine or its link can reach it; also as an IPv6 address that stands for an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast


def _by_apprise(parts: SplitResult) -> bool:
    return bool(parts.scheme) and parts.scheme not in NOT_BY_APPRISE


def _split(address: str) -> SplitResult | None:
    """An address taken apart; None unless it names a host and has nothing odd in it."""
    if any(letter.isspace() or not letter.isprintable() for letter in address):
        return None
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None
