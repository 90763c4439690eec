"""What goes out by a channel, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notice.domain.notification import Notification
from services.notice.domain.preference import Channel, Preference


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery on its way: `id` tells the receiver what comes twice, `data` is what a program reads of it."""

    id: UUID
    channel: Channel = field(repr=False)
    template: str
    at: datetime
    title: str
    text: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, id: UUID, told: Notification, choice: Preference, channel: Channel) -> "Letter":
        """The notification in its reader's language."""
        said = told.texts[choice.language]
        data = {
            "notification_id": told.id,
            "case_id": told.case_id,
            "number": told.number,
            "facts": told.facts,
            "texts": told.texts,
        }
        return cls(id, channel, told.template, told.delivered_at, said.title, said.text, data)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the channel took it, what it said, and whether another attempt would be in vain."""

    ok: bool
    said: str
    for_good: bool = False
