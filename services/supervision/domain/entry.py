"""The journal: every event about a case as it was applied, from which the case's file can be made again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from shared.contracts import registry


class Entry(Struct, frozen=True):
    """One event; `number` is its place among the case's, `time` when it was announced, `data` its JSON."""

    id: UUID
    case_id: UUID
    number: int
    publisher: str
    type: str
    time: datetime
    data: bytes
    version: int = 1

    @classmethod
    def of(cls, id: UUID, number: int, event: Any, time: datetime) -> "Entry":
        """The entry of an event."""
        return cls(id, event.case_id, number, event.publisher, event.type, time, registry.encode(event))

    @property
    def event(self) -> Any:
        """The event itself."""
        return registry.decode(self.type, self.data)
