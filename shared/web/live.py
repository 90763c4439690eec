"""Live updates: what one service behind tells as it commits it, passed on to each listener who may see it (SSE)."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from msgspec.structs import replace
from urllib3.exceptions import HTTPError

from shared.access.actor import Actor, Scope
from shared.access.policy import POLICY
from shared.access.rules import allows
from shared.runtime import log
from shared.runtime.outlet import Outlet
from shared.web.ops import LIVE
from shared.web.stream import Listener

EVENTS = "text/event-stream"
SEEN_BY = "supervision.list_cases"  # whoever finds a case in this list hears of it
KEPT = 2_000  # events, for those who come again
BEAT = 15.0  # seconds after which a listener hears that there is nothing to hear
SILENCE = 12.0  # seconds without a word, also without a heartbeat, after which the service is taken for gone
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
AGAIN_MS = 1_000  # after which a browser that lost the connection comes again

Told = Mapping[str, Any]
Key = tuple[str, ...]
RESYNC: Key = ("resync",)


class Event(NamedTuple):
    """What is sent, and what it is about; without a scope it is for everybody."""

    number: int
    sent: bytes
    scope: Scope | None


class Ring:
    """The newest events, with ids that increase within one process: `<boot>-<number>`."""

    def __init__(self, boot: str, kept: int = KEPT) -> None:
        self._boot = boot
        self._number = 0
        self._events: deque[Event] = deque(maxlen=kept)

    @property
    def last(self) -> str:
        """The id of the newest event."""
        return f"{self._boot}-{self._number}"

    def add(self, name: str, data: Told, scope: Scope | None) -> Event:
        """One more event; the oldest is forgotten."""
        self._number += 1
        event = Event(self._number, _written(self.last, name, data), scope)
        self._events.append(event)
        return event

    def after(self, known: str) -> Sequence[Event] | None:
        """What came after the event of this id; None if that is not known any more, or never was."""
        boot, _, said = known.rpartition("-")
        number = int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else -1
        oldest = self._number - len(self._events)
        if boot != self._boot or not oldest <= number <= self._number:
            return None
        return [event for event in self._events if event.number > number]


class Live:
    """Follows the service behind on one connection while somebody listens, and passes on what each may see.

    `follow` opens that connection: the pieces of `/live`, lines of JSON; `HTTPError` when it is lost. `away` hears why
    there is none, or "" when there is. The first word of each connection is that something may have been missed, which
    listeners are told; of the loss itself they hear nothing.
    """

    def __init__(self, follow: Callable[[str, float], Iterator[bytes]], away: Callable[[str], None]) -> None:
        self._follow, self._away = follow, away
        self._ring = Ring(secrets.token_hex(4))
        self._listeners: dict[Outlet, Actor] = {}
        self._wanted = threading.Event()
        self._pause = FIRST_PAUSE
        self._hears = False

    def open(self, listener: Listener) -> Outlet:
        """What this listener may see: what they missed since the event that they know, then what comes.

        Who knows none begins with `resync`: from there on nothing is missed.
        """
        outlet = Outlet(self._beat, BEAT, self._resync, lifetime=listener.lifetime, left=self._left)
        eyes = replace(listener.actor, id="")  # whoever has the same roles, area and department sees the same
        outlet.put(f"retry: {AGAIN_MS}\nid: {self._ring.last}\n\n".encode())
        missed = self._ring.after(listener.known)
        if missed is not None:
            outlet.put(_seen(eyes, missed))
        elif listener.known or self._hears:
            outlet.put(self._resync())
        self._listeners[outlet] = eyes
        self._wanted.set()
        return outlet

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def run(self) -> None:
        """Follow while somebody listens, for as long as the process lives."""
        while self._wanted.wait():
            try:
                self._hear()
                self._away("")
            except (HTTPError, ValueError) as error:
                self._lost(error)

    def _hear(self) -> None:
        rest = b""
        for piece in self._follow(LIVE, SILENCE):
            self._away("")
            *lines, rest = (rest + piece).split(b"\n")
            self.publish([told for line in lines if line.strip() and (told := orjson.loads(line))])
            if not self._listeners:
                self._wanted.clear()
                self._hears = False
                return
        raise HTTPError("the service ended the stream")

    def _lost(self, error: Exception) -> None:
        self._hears = False
        reason = type(error).__name__
        self._away(reason)
        log.get().warning("live updates interrupted", reason=f"{reason}: {error}")
        time.sleep(self._pause)
        self._pause = min(LONGEST_PAUSE, self._pause * 2)
        if not self._listeners:
            self._wanted.clear()
            self._away("")

    def publish(self, told: Sequence[Told]) -> None:
        """Pass on what came together; of several changes of one case only the last."""
        newest: dict[Key, Told] = {}
        for one in told:
            newest.pop(_key(one), None)
            newest[_key(one)] = one
        if not newest:
            return
        self._pause = FIRST_PAUSE
        self._hears = self._hears or RESYNC in newest
        events = [self._ring.add(*_event(one)) for one in newest.values()]
        seen: dict[Actor, bytes] = {}
        for outlet, eyes in [*self._listeners.items()]:
            if eyes not in seen:
                seen[eyes] = _seen(eyes, events)
            if seen[eyes]:
                outlet.put(seen[eyes])

    def _left(self, outlet: Outlet) -> None:
        self._listeners.pop(outlet, None)

    def _beat(self) -> bytes:
        return f": {self._ring.last}\nid: {self._ring.last}\n\n".encode()

    def _resync(self) -> bytes:
        return _written(self._ring.last, "resync", {})


def sees(actor: Actor, scope: Scope) -> bool:
    """Whether this actor finds a case of this scope in supervision's lists."""
    return allows(POLICY[SEEN_BY], actor, scope)


def _seen(eyes: Actor, events: Sequence[Event]) -> bytes:
    return b"".join(event.sent for event in events if event.scope is None or sees(eyes, event.scope))


def _key(told: Told) -> Key:
    return RESYNC if "resync" in told else (told["case"], told.get("who", ""))


def _event(told: Told) -> tuple[str, Told, Scope | None]:
    if "resync" in told:
        return "resync", {}, None
    scope = Scope(area=told["area"], taking_part=frozenset(told["departments"]))
    if "who" in told:
        return "looking", {"case": told["case"], "login": told["who"], "at": told["at"]}, scope
    return "case", {"case": told["case"], "state": told["state"]}, scope


def _written(id: str, name: str, data: Told) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (id.encode(), name.encode(), orjson.dumps(data))
