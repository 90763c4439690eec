"""A notice (通知) to one person: what happened, in their in-app list, and whether they have read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.notice.domain.templates import Said
from shared.engine.work import Scope, changed


class Notification(Struct, frozen=True):
    """One event for one `person`; `texts` by language is what the template made of the `facts` at that time."""

    id: UUID
    person: str
    template: str
    case_id: UUID
    number: str
    facts: Mapping[str, str]
    texts: Mapping[str, Said]
    delivered_at: datetime
    read_at: datetime | None = None
    version: int = 1

    @property
    def scope(self) -> Scope:
        """It is its person's own."""
        return Scope(author=self.person)

    def read(self, now: datetime) -> Self:
        """Opened; only the first reading is noted."""
        return self if self.read_at else changed(self, read_at=now)
