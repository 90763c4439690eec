"""Looking up where an address leads: without stopping the process, and never back into this system.

The one place through which every connection of every channel finds its way, whatever an address was written like and
whatever a name has come to mean since it was entered.
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from eventlet import patcher, tpool
from eventlet.green import socket as green_socket

from services.notice.domain.addresses import is_inside

_outwards: ContextVar[bool] = ContextVar("outwards", default=False)


class LeadsBack(OSError):
    """What was looked up is this machine, or its link."""


@contextmanager
def outwards_only() -> Iterator[None]:
    """Within it nothing is connected to that only this machine or its link can reach."""
    token = _outwards.set(True)
    try:
        yield
    finally:
        _outwards.reset(token)


def let_names_wait() -> None:
    """From now on this process looks up names in threads of their own; one slow name server must not stop it."""
    original = patcher.original("socket").getaddrinfo

    def look_up(*arguments: Any, **options: Any) -> list[Any]:
        found: list[Any] = tpool.execute(original, *arguments, **options)
        if _outwards.get():
            refuse_what_leads_back(found)
        return found

    socket.getaddrinfo = look_up
    green_socket.getaddrinfo = look_up  # what `socket.create_connection` calls


def refuse_what_leads_back(found: list[Any]) -> None:
    """`LeadsBack` if one of these answers of `getaddrinfo` is such an address."""
    for *_, place in found:
        if is_inside(ipaddress.ip_address(str(place[0]).partition("%")[0])):
            raise LeadsBack("leads back to this system")
