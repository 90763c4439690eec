"""The stage: who plays, what is said about it, and how long each effect took to arrive."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw

from shared.messaging.topology import queue_name
from tools.client import Api, Person, Refused

PASSWORD = "chunjiang-demo"
PATIENCE = 90.0  # seconds until something that must happen counts as forgotten
LOOK_EVERY = 0.02


class StoryFailed(Exception):
    """The story did not go on as it must."""


@dataclass
class Stage:
    """Who plays; `say` takes each line; `between` is called after each scene with its name.

    `people` are those who came already, by login; everybody else logs in when they first act.
    """

    api: Api
    say: Callable[[str], None] = print
    between: Callable[[str], None] = lambda _scene: None
    began: float = field(default_factory=time.monotonic)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, login: str) -> Person:
        """Somebody of the example town."""
        if login not in self.people:
            self.people[login] = self.api.person(login, PASSWORD)
        return self.people[login]

    def scene(self, zh: str, en: str) -> None:
        """A heading."""
        self.say(f"\n── {zh} · {en}")

    def tell(self, who: str, what: str) -> None:
        """One step: who did what, and when in the story."""
        self.say(f"{time.monotonic() - self.began:7.2f} s  {who:<22} {what}")

    def until(self, what: str, hops: tuple[tuple[str, str], ...], look: Callable[[], Any]) -> Any:
        """Wait until `look` gives something, and tell by which queues it came and how long that took.

        `hops` are (publisher, subscriber) pairs. What is not there yet, or not yet in the state that allows it, is
        tried again.
        """
        began = time.monotonic()
        while True:
            found = _look(look)
            waited = time.monotonic() - began
            if found:
                route = " → ".join(queue_name(subscriber, publisher) for publisher, subscriber in hops)
                self.tell("", f"↳ {what}  [{route}, {waited * 1000:.0f} ms]")
                return found
            if waited > PATIENCE:
                raise StoryFailed(f"{what}: not within {PATIENCE:.0f} s")
            time.sleep(LOOK_EVERY)

    def refused(self, who: str, what: str, attempt: Callable[[], Any]) -> None:
        """What must be refused, is."""
        try:
            attempt()
        except Refused as refusal:
            self.tell(who, f"✗ {what}: {refusal.status} {refusal.problem['title']}（{refusal.problem['detail']}）")
        else:
            raise StoryFailed(f"{who}: {what} was not refused")


def _look(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except Refused as refusal:
        if refusal.status in (404, 409):
            return None
        raise


def photo(caption: str) -> bytes:
    """A small real photograph, with words on it instead of water."""
    picture = Image.new("RGB", (320, 200), "#8a97a0")
    ImageDraw.Draw(picture).text((20, 90), caption, fill="white")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()
