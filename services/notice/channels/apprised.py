"""E-mail, the robots of group chats, and whatever else Apprise speaks to.

Apprise is loaded with the first such message: it costs a second and 45 MB.
"""

import logging
from functools import cache
from typing import Any
from urllib.parse import urlencode

from services.notice.channels.letter import Answer, Letter
from services.notice.domain.addresses import ROBOTS, robot
from services.notice.domain.preference import Kind


def send(letter: Letter, mail_server: str) -> Answer:
    """Hand it to Apprise, which tells no more than whether it went."""
    url = url_of(letter.channel.kind, letter.channel.address, mail_server)
    if not url:
        return Answer(False, "there is no mail server", for_good=True)
    apprise = _apprise()
    plugin = apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    if plugin is None:
        return Answer(False, "not an address that Apprise knows", for_good=True)
    ok = plugin.notify(title=letter.title, body=letter.text, body_format=apprise.NotifyFormat.TEXT)
    return Answer(True, "taken") if ok else Answer(False, "not taken")


def url_of(kind: Kind, address: str, mail_server: str) -> str:
    """Where to, as Apprise writes it; mail goes by the town's own server."""
    if kind is Kind.EMAIL:
        joined = "&" if "?" in mail_server else "?"
        return f"{mail_server}{joined}{urlencode({'to': address})}" if mail_server else ""
    return robot(kind, address) if kind in ROBOTS else address


@cache
def _apprise() -> Any:
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its warnings tell addresses and keys
    return apprise


@cache
def _asset() -> Any:
    """How Apprise behaves; redirections are not followed: they could lead anywhere."""
    return _apprise().AppriseAsset(app_id="Whistle", app_desc="吹哨报到", app_url="", http_redirects=False)
